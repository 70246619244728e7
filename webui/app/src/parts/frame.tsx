// What stands around every page: skip link, menu, banners, footer.
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import type { Summary } from "../lib/api";
import { addressOf, filterFrom } from "../lib/filter";
import { clock, date } from "../lib/format";
import { t } from "../lib/i18n";
import { answeredAt, unreachableSince, useResource } from "../lib/resource";
import { path, routeOf, search, type Route } from "../lib/router";
import { refreshSession, session } from "../lib/session";
import { Mark } from "./logo";
import { Settings } from "./settings";
import { spanOf } from "./sum_tables";

const RETRY_MS = 4000;
const STALE_DAYS = 90;

const MENU: [string, string, Route["page"][]][] = [
    ["/", "nav.overview", ["overview"]],
    ["/devices", "nav.devices", ["devices", "device"]],
    ["/companies", "nav.companies", ["companies", "company"]],
    ["/events", "nav.events", ["events"]],
];

function Menu() {
    const here = routeOf(path.value).page;
    const span = spanOf(filterFrom(search.value));
    return (
        <nav aria-label={t("app.nav")}>
            <ul>
                {MENU.map(([address, label, pages]) => (
                    <li key={address}>
                        <a href={addressOf(address, span)}
                           aria-current={pages.includes(here) ? "page" : undefined}>{t(label)}</a>
                    </li>
                ))}
            </ul>
        </nav>
    );
}

/** Whether the list of trackers is so old that it misleads. */
export function isStale(catalogueDate: string | null | undefined, now = Date.now()): boolean {
    return now - Date.parse(catalogueDate ?? "") > STALE_DAYS * 86_400_000;
}

function Banners({ summary }: { summary: Summary | null }) {
    const lost = unreachableSince.value;
    const last = answeredAt.value;
    const drops = (summary?.capture_drops ?? 0) + (summary?.sightings_dropped ?? 0);
    return (
        <div class="banners" role="region" aria-label={t("banner.label")}>
            {session.value?.demonstration && <p class="banner demo">{t("banner.demo")}</p>}
            {summary?.protection === "off" && (
                <p class="banner warning">{t("banner.protection_off")}</p>
            )}
            {drops > 0 && <p class="banner warning">
                {t("banner.drops")} <a href="/status">{t("banner.drops_more")}</a>
            </p>}
            {isStale(summary?.catalogue_date) && <p class="banner warning">
                {t("banner.stale", { date: date(summary?.catalogue_date ?? "") })}
            </p>}
            {lost && <p class="banner lost" role="status">
                {last ? t("banner.unreachable", { time: clock(last) })
                    : t("banner.unreachable_never")}
            </p>}
        </div>
    );
}

function Footer({ summary }: { summary: Summary | null }) {
    return (
        <footer class="foot">
            <p>{t("app.limits")}</p>
            {summary && <p>
                {t("app.version", { version: summary.version })}
                {summary.catalogue_date && <>
                    {" · "}
                    {t("app.catalogue", { date: date(summary.catalogue_date),
                                          count: summary.rules })}
                </>}
                {" · "}
                <a href="/status">{t("app.status")}</a>
            </p>}
        </footer>
    );
}

/** Asks again every few seconds while the appliance does not answer. */
function useRetries(): void {
    const lost = unreachableSince.value !== null;
    useEffect(() => {
        if (!lost) return undefined;
        const timer = setInterval(() => void refreshSession(), RETRY_MS);
        return () => clearInterval(timer);
    }, [lost]);
}

export function Frame({ children }: { children: ComponentChildren }) {
    useRetries();
    const summary = useResource<Summary>("/summary", "range=24h");
    return (
        <>
            <a class="skip" href="#main">{t("app.skip")}</a>
            <header class="top">
                <a class="brand" href="/"><Mark /><span>Sporvakt</span></a>
                <Menu />
                <Settings />
            </header>
            <Banners summary={summary.data} />
            <main id="main" tabIndex={-1}>{children}</main>
            <Footer summary={summary.data} />
        </>
    );
}
