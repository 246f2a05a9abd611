import { render } from "preact";
import { App } from "./app";
import { startLive } from "./live";
import { startNavigation } from "./navigation";
import { startTheme } from "./theme";
import "./styles/base.css";
import "./styles/frame.css";
import "./styles/list.css";
import "./styles/session.css";
import "./styles/turn.css";
import "./styles/chat.css";
import "./styles/observation.css";
import "./styles/player.css";
import "./styles/beside.css";

const root = document.getElementById("app");
if (root === null) throw new Error('Expected an element with id "app"');

startTheme();
startNavigation();
startLive();
root.textContent = "";
render(<App />, root);
