import { addToCart, startCart } from './cart.js';
import { markMine, startFeed } from './feed.js';
import { startServing } from './serving.js';
import { fillShelf } from './shelf.js';

const toastMs = 4000;
const toast = document.getElementById('toast');
let hiding;

function say(words) {
  toast.textContent = words;
  toast.toggleAttribute('data-shown', true);
  clearTimeout(hiding);
  hiding = setTimeout(() => toast.removeAttribute('data-shown'), toastMs);
}

startServing();
await fillShelf((product) => {
  addToCart(product);
  say(`${product.name} is in your cart.`);
});
startCart((order) => {
  markMine(order);
  say(`Order #${order.number} is placed. Watch it being packed.`);
});
startFeed();
