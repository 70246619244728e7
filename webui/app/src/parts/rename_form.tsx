import { useEffect, useId, useRef, useState } from "preact/hooks";
import { ApiFault, renameDevice, type DeviceRow } from "../lib/api";
import { t } from "../lib/i18n";
import { faultWords } from "../lib/sentence";
import { session } from "../lib/session";

const NAME_BYTES_MAX = 64;

interface Props { device: DeviceRow; renamed: () => void }

function NameForm({ device, renamed, close }: Props & { close: () => void }) {
    const id = useId();
    const input = useRef<HTMLInputElement>(null);
    const [fault, setFault] = useState("");
    const [busy, setBusy] = useState(false);
    useEffect(() => input.current?.select(), []);
    const save = async (event: Event) => {
        event.preventDefault();
        setBusy(true);
        try {
            await renameDevice(device.id, (input.current?.value ?? "").trim());
            renamed();
        } catch (thrown) {
            setFault(faultWords(thrown as ApiFault));
            setBusy(false);
        }
    };
    return (
        <form class="rename" onSubmit={(event) => void save(event)}
              onKeyDown={(event) => event.key === "Escape" && close()}>
            <label for={id}>{t("device.name")}</label>
            <input ref={input} id={id} type="text" maxLength={NAME_BYTES_MAX} autocomplete="off"
                   aria-describedby={`${id}-help`} defaultValue={device.given_name ?? ""} />
            <p id={`${id}-help`} class="help">{t("device.name_help")}</p>
            {fault && <p class="fault" role="alert">{fault}</p>}
            <div class="buttons">
                <button type="submit" class="main" disabled={busy}>{t("device.save")}</button>
                <button type="button" onClick={close}>{t("device.cancel")}</button>
            </div>
        </form>
    );
}

/** The household's name for a device, changed in place. */
export function Rename({ device, renamed }: Props) {
    const [open, setOpen] = useState(false);
    const [said, setSaid] = useState("");
    const button = useRef<HTMLButtonElement>(null);
    const returning = useRef(false);
    useEffect(() => {
        if (!open && returning.current) button.current?.focus();
        returning.current = open;
    }, [open]);
    if (!session.value?.authenticated) return null;
    const close = () => setOpen(false);
    const done = () => {
        setSaid(t("device.renamed"));
        close();
        renamed();
    };
    return (
        <div class="rename-place">
            {open ? <NameForm device={device} renamed={done} close={close} /> : (
                <button ref={button} type="button" onClick={() => setOpen(true)}>
                    {t(device.given_name ? "device.rename_again" : "device.rename")}
                </button>
            )}
            <p class="said" role="status">{open ? "" : said}</p>
        </div>
    );
}
