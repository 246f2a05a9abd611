export {
  DEFAULT_STUDIO_DB,
  DEFAULT_STUDIO_HOST,
  DEFAULT_STUDIO_PORT,
  type Studio,
  type StudioOptions,
  startStudio,
} from "./start-studio";
