/**
 * A video that loads on request. Until then nothing is asked of the provider; without a script the link leads there.
 *
 *   <video-embed data-src="https://www.youtube.com/watch?v=dQw4w9WgXcQ" data-title="Pincer palpation" data-provider="YouTube">
 *     <a class="button" href="https://www.youtube.com/watch?v=dQw4w9WgXcQ">Watch on YouTube</a>
 *   </video-embed>
 */

const YOUTUBE_ID = /^[\w-]{11}$/;
const VIMEO_PATH = /^\/(?:video\/)?(\d+)(?:\/([0-9a-f]+))?\/?$/;

function youtubePlayer(url) {
  const [first = "", second = ""] = url.pathname.split("/").filter(Boolean);
  const isShort = url.hostname === "youtu.be";
  const id = isShort ? first : url.searchParams.get("v") || (["embed", "shorts", "live"].includes(first) ? second : "");
  if (!YOUTUBE_ID.test(id)) return null;
  const player = new URL(`https://www.youtube-nocookie.com/embed/${id}`);
  player.searchParams.set("autoplay", "1");
  player.searchParams.set("rel", "0");
  const [, start] = /^(\d+)s?$/.exec(url.searchParams.get("t") || url.searchParams.get("start") || "") || [];
  if (start) player.searchParams.set("start", start);
  return player.href;
}

function vimeoPlayer(url) {
  const [, id, hash] = VIMEO_PATH.exec(url.pathname) || [];
  if (!id) return null;
  const player = new URL(`https://player.vimeo.com/video/${id}`);
  player.searchParams.set("autoplay", "1");
  player.searchParams.set("dnt", "1");
  const secret = hash || url.searchParams.get("h");
  if (secret) player.searchParams.set("h", secret);
  return player.href;
}

/** The address of the provider's player for the address of a video; null when it is none that we know. */
export function playerAddress(address) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  const host = url.hostname.replace(/^www\./, "");
  if (["youtube.com", "youtu.be", "youtube-nocookie.com"].includes(host)) return youtubePlayer(url);
  if (["vimeo.com", "player.vimeo.com"].includes(host)) return vimeoPlayer(url);
  return null;
}

class VideoEmbed extends HTMLElement {
  connectedCallback() {
    const address = playerAddress(this.dataset.src);
    const link = this.querySelector("a");
    if (!address || !link || this.isReady) return;
    this.isReady = true;
    link.addEventListener("click", (event) => {
      // A new tab on request stays what it is.
      if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      this.load(address);
    });
  }

  load(address) {
    const frame = document.createElement("iframe");
    frame.src = address;
    frame.title = this.dataset.title || "";
    frame.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
    frame.allowFullscreen = true;
    // YouTube refuses to play when it is not told which site asks; the path stays with us.
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    this.replaceChildren(frame);
    frame.focus();
  }
}

if (!customElements.get("video-embed")) customElements.define("video-embed", VideoEmbed);
