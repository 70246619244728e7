import { render } from "preact";
import { App } from "./app";
import { startLanguage } from "./lib/i18n";
import { startRouter } from "./lib/router";
import { startTheme } from "./lib/theme";

startTheme();
startLanguage();
startRouter();

const place = document.getElementById("app");
if (place) {
    place.replaceChildren();
    render(<App />, place);
}
