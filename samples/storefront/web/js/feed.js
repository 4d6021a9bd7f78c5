// Orders as they change. The stream resumes at the last event seen, with whichever replica it reaches.
import { products } from './shelf.js';

const ordersShown = 12;
const reopenMs = 2000;
const list = document.getElementById('feed');
const empty = document.getElementById('feed-empty');
const template = document.getElementById('order').content;
const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const mine = new Set(JSON.parse(localStorage.getItem('mine') ?? '[]'));
const shown = new Map();

export function startFeed() {
  const stream = new EventSource('api/orders/stream');
  stream.addEventListener('order', ({ data }) => show(JSON.parse(data)));
  // The browser comes back by itself after a cut, but gives up when an answer is an error.
  stream.addEventListener('error', () => stream.readyState === EventSource.CLOSED && setTimeout(startFeed, reopenMs));
}

export function markMine(order) {
  mine.add(order.number);
  localStorage.setItem('mine', JSON.stringify([...mine].slice(-50)));
  show(shown.get(order.number)?.order ?? order); // The stream may have told more already.
  shown.get(order.number)?.item.scrollIntoView({ block: 'nearest' });
}

function show(order) {
  const before = shown.get(order.number);
  const item = before?.item ?? template.cloneNode(true).firstElementChild;
  shown.set(order.number, { order, item });
  fill(item, order);
  if (!before) place(item, order.number);
  empty.hidden = true;
}

function place(item, number) {
  item.dataset.number = number;
  const older = [...list.children].find((other) => Number(other.dataset.number) < number);
  list.insertBefore(item, older ?? null);
  while (list.children.length > ordersShown) {
    shown.delete(Number(list.lastElementChild.dataset.number));
    list.lastElementChild.remove();
  }
}

function fill(item, order) {
  item.toggleAttribute('data-mine', mine.has(order.number));
  item.querySelector('strong').textContent = `#${order.number}`;
  const state = item.querySelector('.state');
  state.textContent = order.state;
  state.dataset.state = order.state;
  item.querySelector('.what').textContent = order.lines
    .map((line) => `${line.quantity} × ${products.get(line.product)?.name ?? line.product}`)
    .join(', ');
  const who = order.by ? `${order.state} by ${order.by.split('/')[0]}` : 'waiting';
  item.querySelector('.who').textContent = `${time.format(new Date(order.at))}, ${who}`;
}
