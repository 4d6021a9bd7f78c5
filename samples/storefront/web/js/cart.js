// The cart lives in the browser: no release of the api can lose it.
import { askAgain } from './api.js';
import { pictureOf, price, products } from './shelf.js';

const quantityMax = 10;
const $ = (id) => document.getElementById(id);
const dialog = $('cart');
const template = $('line-template').content;
let cart = JSON.parse(localStorage.getItem('cart') ?? '{"quantities":{}}');

export function openCart() {
  show();
  dialog.showModal();
}

export function addToCart(product) {
  change(product.id, 1);
}

/** @param onPlaced is told the order. */
export function startCart(onPlaced) {
  $('open-cart').addEventListener('click', openCart);
  $('place').addEventListener('click', () => place(onPlaced));
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
  show();
}

function change(id, by) {
  const quantity = Math.min((cart.quantities[id] ?? 0) + by, quantityMax);
  if (quantity > 0) cart.quantities[id] = quantity;
  else delete cart.quantities[id];
  cart.key = null;
  keep();
}

function keep() {
  localStorage.setItem('cart', JSON.stringify(cart));
  show();
}

async function place(onPlaced) {
  $('place').disabled = true;
  $('cart-trouble').hidden = true;
  try {
    // One key for one cart: if an answer is lost and the buyer asks again, the shop sells once.
    cart.key ??= Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('-');
    keep();
    const lines = known().map(([product, quantity]) => ({ product: product.id, quantity }));
    const order = await askAgain('orders', { key: cart.key, lines });
    cart = { quantities: {} };
    keep();
    dialog.close();
    onPlaced(order);
  } catch (problem) {
    $('cart-trouble').textContent = `Not ordered. ${problem.message} Your cart is safe; try again.`;
    $('cart-trouble').hidden = false;
  } finally {
    show();
  }
}

const known = () =>
  Object.entries(cart.quantities).flatMap(([id, quantity]) => (products.has(id) ? [[products.get(id), quantity]] : []));

function show() {
  const lines = known();
  const things = lines.reduce((sum, [, quantity]) => sum + quantity, 0);
  $('count').textContent = things;
  $('count-said').textContent = `: ${things} thing${things === 1 ? '' : 's'}`;
  $('cart-empty').hidden = things > 0;
  $('total').textContent = price(lines.reduce((sum, [product, quantity]) => sum + product.cents * quantity, 0));
  $('place').disabled = things === 0;
  const focus = document.activeElement?.dataset?.step;
  $('lines').replaceChildren(...lines.map(([product, quantity]) => line(product, quantity)));
  if (focus) document.querySelector(`[data-step="${focus}"]`)?.focus();
}

function line(product, quantity) {
  const item = template.cloneNode(true);
  const picture = item.querySelector('img');
  picture.src = pictureOf(product);
  picture.dataset.tint = product.tint;
  item.querySelector('.name').textContent = product.name;
  item.querySelector('.quantity').textContent = quantity;
  item.querySelector('.price').textContent = price(product.cents * quantity);
  const [fewer, more] = item.querySelectorAll('button');
  more.disabled = quantity >= quantityMax;
  for (const [button, by, words] of [[fewer, -1, 'One less'], [more, 1, 'One more']]) {
    button.dataset.step = `${product.id}${by}`;
    button.setAttribute('aria-label', `${words}: ${product.name}`);
    button.addEventListener('click', () => change(product.id, by));
  }
  return item;
}
