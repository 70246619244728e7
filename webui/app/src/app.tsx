import { useEffect } from "preact/hooks";
import { onLoginNeeded } from "./lib/api";
import { language } from "./lib/i18n";
import { path, routeOf, type Route } from "./lib/router";
import { refreshSession, session, sessionFault } from "./lib/session";
import { LogIn, SetUp } from "./pages/access";
import { Companies } from "./pages/companies";
import { CompanyPage } from "./pages/company";
import { DevicePage } from "./pages/device";
import { Devices } from "./pages/devices";
import { Events } from "./pages/events";
import { Missing } from "./pages/missing";
import { Overview } from "./pages/overview";
import { Status } from "./pages/status";
import { Frame } from "./parts/frame";
import { Patterns } from "./parts/marks";
import { Loading, Problem } from "./parts/states";

const RETRY_MS = 4000;

function Page({ page, id }: Route) {
    switch (page) {
        case "overview": return <Overview />;
        case "devices": return <Devices />;
        case "device": return <DevicePage key={id} id={id} />;
        case "companies": return <Companies />;
        case "company": return <CompanyPage key={id} slug={id} />;
        case "events": return <Events />;
        case "status": return <Status />;
        default: return <Missing />;
    }
}

/** Nothing has answered yet: say so, and try again by itself. */
function Start() {
    const fault = sessionFault.value;
    useEffect(() => {
        const timer = setInterval(() => void refreshSession(), RETRY_MS);
        return () => clearInterval(timer);
    }, []);
    return (
        <main id="main" class="access">
            {fault ? <Problem fault={fault} again={() => void refreshSession()} /> : <Loading />}
        </main>
    );
}

function Screen() {
    const now = session.value;
    if (!now) return <Start />;
    const mayRead = now.authenticated || now.demonstration;
    if (!now.authenticated && (!mayRead || path.value === "/login")) {
        return now.setup_needed ? <SetUp /> : <LogIn />;
    }
    return <Frame><Page {...routeOf(path.value)} /></Frame>;
}

export function App() {
    useEffect(() => {
        onLoginNeeded(() => void refreshSession());
        void refreshSession();
    }, []);
    const tag = language.value;
    useEffect(() => {
        document.documentElement.lang = tag;
    }, [tag]);
    return (
        <>
            <Patterns />
            <Screen />
        </>
    );
}
