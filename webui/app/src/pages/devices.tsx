import type { DeviceList } from "../lib/api";
import { EVERYTHING, queryOf } from "../lib/filter";
import { t } from "../lib/i18n";
import { useResource } from "../lib/resource";
import { Heading } from "../parts/heading";
import { RangePicker, useFilter } from "../parts/range_picker";
import { Empty, Ready } from "../parts/states";
import { DeviceTable, spanOf } from "../parts/sum_tables";

export function Devices() {
    const filter = { ...EVERYTHING, ...spanOf(useFilter()) };
    const list = useResource<DeviceList>("/devices", queryOf(filter).toString());
    return (
        <>
            <header class="page-head">
                <Heading title={t("devices.title")} />
                <RangePicker filter={filter} />
            </header>
            <p class="lead">{t("devices.lead")}</p>
            <Ready of={list}>
                {({ devices }) => devices.length === 0 ? <Empty kind="empty" /> : (
                    <section class="panel">
                        <DeviceTable rows={devices} filter={filter} caption={t("devices.title")} />
                    </section>
                )}
            </Ready>
        </>
    );
}
