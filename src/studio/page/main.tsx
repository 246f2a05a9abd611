import { render } from "preact";
import { App } from "./app";
import { isEmbedded, startEmbedded } from "./embedded";
import { startLive } from "./live";
import { startNavigation } from "./navigation";
import { isPublicView, startPublicView } from "./public-view";
import { startTheme } from "./theme";
import "./styles/base.css";
import "./styles/frame.css";
import "./styles/safety.css";
import "./styles/list.css";
import "./styles/filters.css";
import "./styles/sessions.css";
import "./styles/session.css";
import "./styles/turn.css";
import "./styles/chat.css";
import "./styles/observation.css";
import "./styles/trace.css";
import "./styles/steps.css";
import "./styles/graph.css";
import "./styles/growth.css";
import "./styles/setup.css";
import "./styles/player.css";
import "./styles/beside.css";
import "./styles/models.css";
import "./styles/compare.css";
import "./styles/export.css";
import "./styles/send.css";
import "./styles/publish.css";
import "./styles/comments.css";
import "./styles/score-configs.css";
import "./styles/scores.css";
import "./styles/corrections.css";

const root = document.getElementById("app");
if (root === null) throw new Error('Expected an element with id "app"');

startTheme();
startEmbedded();
if (!isEmbedded()) {
  startPublicView(location.pathname);
  startNavigation();
  if (!isPublicView()) startLive();
}
root.textContent = "";
render(<App />, root);
