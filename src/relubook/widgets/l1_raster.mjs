/** The activation raster: bytes to layers, a byte to a color, a layer to a canvas. */

/**
 * @param {string} text base64
 * @returns {Uint8Array}
 */
export function decode(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/**
 * Cut the bytes (layers x units x digits, row-major) into one array a layer.
 * @param {Uint8Array} bytes
 * @returns {Uint8Array[]}
 */
export function layersOf(bytes, layers, units, digits) {
  const size = units * digits;
  return Array.from({ length: layers }, (_, l) => bytes.subarray(l * size, (l + 1) * size));
}

// Cividis from a quarter of its way up, so that the smallest activation is not taken for a zero.
const CIVIDIS = [
  [74, 83, 108], [99, 102, 112], [121, 121, 119], [146, 140, 120],
  [172, 161, 114], [199, 183, 103], [228, 206, 83], [254, 232, 56],
];

/**
 * The color of one activation: black for an exact zero, else the ramp from slate to yellow.
 * @param {number} byte 0 = exact zero, 1 to 255 = share of the layer's largest activation
 * @returns {[number, number, number]}
 */
export function color(byte) {
  if (byte === 0) return [0, 0, 0];
  const place = ((byte - 1) / 254) * (CIVIDIS.length - 1);
  const low = Math.min(Math.floor(place), CIVIDIS.length - 2);
  return CIVIDIS[low].map((v, i) => Math.round(v + (CIVIDIS[low + 1][i] - v) * (place - low)));
}

/** The ramp as a CSS gradient, for its key. */
export const gradient = `linear-gradient(90deg, ${CIVIDIS.map((c) => `rgb(${c})`).join(", ")})`;

/**
 * Draw one layer, one canvas pixel a cell; CSS enlarges it without smoothing.
 * @param {HTMLCanvasElement} canvas
 */
export function paint(canvas, cells, units, digits) {
  canvas.width = digits;
  canvas.height = units;
  const context = canvas.getContext("2d");
  const image = context.createImageData(digits, units);
  cells.forEach((byte, i) => image.data.set([...color(byte), 255], 4 * i));
  context.putImageData(image, 0, 0);
}
