/** The studio has one project. Its id stands in every public answer and in links. */
export const PROJECT_ID = "playhead";
export const PROJECT_NAME = "playhead";
