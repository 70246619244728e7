// Put before every test: the texts, which the page reads from the appliance.
import { keepTexts } from "../../../webui/app/src/lib/i18n";
import en from "../../../webui/app/src/text/en.json";
import nb from "../../../webui/app/src/text/nb.json";

keepTexts("en", en);
keepTexts("nb", nb);
