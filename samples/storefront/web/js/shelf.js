// The products, and how prices are written.
import { askAgain } from './api.js';

const euros = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' });
const list = document.getElementById('products');
const trouble = document.getElementById('trouble');
const template = document.getElementById('product').content;
const retryMs = 3000;
export const products = new Map();

export const price = (cents) => euros.format(cents / 100);
export const pictureOf = (product) => `img/${encodeURIComponent(product.picture)}.svg`;

/** Fills the shelf; tries until the api answers. */
export async function fillShelf(onAdd) {
  for (;;) {
    try {
      for (const product of await askAgain('products')) products.set(product.id, product);
      break;
    } catch {
      trouble.textContent = 'The shop does not answer just now. Trying again…';
      trouble.hidden = false;
      await new Promise((done) => setTimeout(done, retryMs));
    }
  }
  trouble.hidden = true;
  list.replaceChildren(...[...products.values()].map((product) => card(product, onAdd)));
}

function card(product, onAdd) {
  const item = template.cloneNode(true);
  item.querySelector('.picture').dataset.tint = product.tint;
  item.querySelector('img').src = pictureOf(product);
  item.querySelector('h2').textContent = product.name;
  item.querySelector('.muted').textContent = product.detail;
  item.querySelector('.price').textContent = price(product.cents);
  const button = item.querySelector('button');
  button.setAttribute('aria-label', `Add ${product.name} to the cart`);
  button.addEventListener('click', () => onAdd(product));
  return item;
}
