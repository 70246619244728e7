import { render } from "preact";
import { App } from "./app";
import { startLanguage } from "./lib/i18n";
import { startRouter } from "./lib/router";
import { startTheme } from "./lib/theme";

function show(): void {
    const place = document.getElementById("app");
    if (place) {
        place.replaceChildren();
        render(<App />, place);
    }
}

startTheme();
startRouter();
void startLanguage().then(show);
