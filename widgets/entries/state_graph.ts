/* The bundle of the state graph: of a history, and of a report. */

import { mountSearchGraph } from "../search_graph";
import { mountStateGraph } from "../state_graph";
import { widgetModule } from "../widget_module";

export default widgetModule({ state_graph: mountStateGraph, search_graph: mountSearchGraph });
