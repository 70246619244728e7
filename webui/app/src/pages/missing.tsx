import { t } from "../lib/i18n";
import { Heading } from "../parts/heading";

export function Missing() {
    return (
        <>
            <header class="page-head"><Heading title={t("missing.title")} /></header>
            <p class="lead">{t("missing.help")}</p>
            <p class="onward"><a href="/">{t("missing.home")}</a></p>
        </>
    );
}
