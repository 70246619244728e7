// What to call the devices and companies of an answer, by their ids.
import type { MatrixAnswer } from "../lib/api";
import { NO_COMPANY } from "../lib/filter";
import type { Cell } from "../lib/gate_layout";
import { t } from "../lib/i18n";

export interface Names {
    of: (side: "device" | "company", id: string) => string;
}

export function namesOf(answer: MatrixAnswer): Names {
    const devices = new Map(answer.devices.map((device) => [device.id, device.name]));
    const companies = new Map(answer.companies.map((company) => [company.slug, company.name]));
    return {
        of: (side, id) => {
            if (side === "device") return devices.get(id) ?? id;
            return id === NO_COMPANY ? t("gate.unknown") : companies.get(id) ?? id;
        },
    };
}

export function cellsOf(answer: MatrixAnswer): Cell[] {
    return answer.cells.map((cell) => ({
        device: cell.device, company: cell.company ?? NO_COMPANY,
        leaked: cell.leaked, prevented: cell.prevented,
    }));
}
