import "../style/base.css";
import "./docs.css";

import { copyButtons } from "./copyButtons.ts";
import { menuButton } from "./menuButton.ts";
import { searchBox } from "./searchBox.ts";
import { themeChoice } from "./themeChoice.ts";

// What a page of the docs does beside being read. Without scripts it is read all the same.
themeChoice();
menuButton();
copyButtons();
searchBox();
