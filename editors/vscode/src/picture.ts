// The page that shows the graph: a picture that `iflux graph` draws, which may be moved and made larger.

/** A picture as a page that runs no script but its own. */
export function picturePage(svg: string, nonce: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'nonce-${nonce}'">
<style>
  body { margin: 0; overflow: hidden; background: #fff; }
  img { transform-origin: 0 0; cursor: grab; user-select: none; }
</style>
</head>
<body>
<img id="graph" draggable="false" alt="The graph of resources" src="data:image/svg+xml;base64,${Buffer.from(svg, 'utf8').toString('base64')}">
<script nonce="${nonce}">
  const graph = document.getElementById('graph');
  let [x, y, scale] = [0, 0, 1];
  const show = () => { graph.style.transform = 'translate(' + x + 'px,' + y + 'px) scale(' + scale + ')'; };
  addEventListener('wheel', event => {
    const factor = event.deltaY < 0 ? 1.1 : 1 / 1.1;
    x = event.clientX - (event.clientX - x) * factor;
    y = event.clientY - (event.clientY - y) * factor;
    scale *= factor;
    show();
  });
  addEventListener('pointermove', event => {
    if (event.buttons & 1) { x += event.movementX; y += event.movementY; show(); }
  });
</script>
</body>
</html>
`;
}
