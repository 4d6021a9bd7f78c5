(()=>{function t(e){if(e.price===void 0)throw new TypeError(`no price for ${e.name}`);return e.price}function n(e){let r=0;for(let o of e)r+=t(o);return r}function c(){n([{name:"cap",price:9},{name:"mug"}])}globalThis.shopCheckout=c;})();
//# sourceMappingURL=main.HIDN4Q6P.js.map
