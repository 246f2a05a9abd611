import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { MediaView } from "../../conversation/media-text";
import { mediaUrl } from "../embedded";
import { addressOf } from "../public-view";

export interface MediaFigureProps {
  readonly media: MediaView;
  /** Its file name or content type. */
  readonly label: string;
}

/** A picture, recording or file. Spans, since it stands inside of texts, too. */
export function MediaFigure({ media, label }: MediaFigureProps): JSX.Element {
  const [isMissing, setMissing] = useState(false);
  if (isMissing) return <span class="media">{label} (cannot be shown)</span>;
  const onError = (): void => setMissing(true);
  return (
    <span class="media-figure" data-testid="media" data-kind={media.kind}>
      <Shown media={media} label={label} onError={onError} />
      <span class="media-caption" dir="auto">
        {label}
      </span>
    </span>
  );
}

function Shown(props: MediaFigureProps & { onError: () => void }): JSX.Element {
  const { media, label, onError } = props;
  const url = addressOf(mediaUrl(media.url));
  switch (media.kind) {
    case "image":
      return <img src={url} alt={label} loading="lazy" onError={onError} />;
    case "audio":
      // biome-ignore lint/a11y/useMediaCaption: what was captured has no captions
      return <audio src={url} controls preload="metadata" onError={onError} />;
    case "video":
      // biome-ignore lint/a11y/useMediaCaption: what was captured has no captions
      return <video src={url} controls preload="metadata" onError={onError} />;
    case "file":
      return (
        <a href={url} download="">
          Download
        </a>
      );
  }
}
