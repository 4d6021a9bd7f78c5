// What a page tells of itself: how fast it was where its user is, and whether it broke. No cookie, no id, no address, and nothing at
// all from who asks not to be watched. Built into vitals.js by 'build.sh'; web-vitals (Apache-2.0) measures LCP, INP and CLS.
import { onCLS, onINP, onLCP } from 'web-vitals';

const nav = navigator;
const asked = performance.getEntriesByType('navigation')[0];

if (asked && !nav.globalPrivacyControl && nav.doNotTrack != '1' && !nav.webdriver) {
    const values = {};
    // The edge names the release that answered with the page; other entries are the app's own.
    const release = (asked.serverTiming || []).find(one => one.name == 'fairlead');
    const start = asked.activationStart || 0;
    const keep = measure => { values[measure.name] = Math.round(measure.value * 1e4) / 1e4; };
    let errors = 0, isSent;

    // Once, when the page is left: a phone may never come back to a page in the background.
    const send = () => {
        if (isSent || document.visibilityState != 'hidden') return;
        isSent = 1;
        const paint = performance.getEntriesByName('first-contentful-paint')[0];
        const width = Math.min(screen.width, screen.height);
        if (paint) values.FCP = Math.max(0, paint.startTime - start);
        values.TTFB = Math.max(0, asked.responseStart - start);
        nav.sendBeacon('/.fairlead/vitals', JSON.stringify({
            p: location.pathname,
            r: release && release.description,
            d: nav.maxTouchPoints && width < 1100 ? (width < 600 ? 'mobile' : 'tablet') : 'desktop',
            e: errors,
            v: values,
        }));
    };

    onLCP(keep);
    onCLS(keep);
    onINP(keep);
    addEventListener('error', () => { errors++; });
    addEventListener('unhandledrejection', () => { errors++; });
    // After those of web-vitals, which tell their last numbers at the same moment.
    setTimeout(() => {
        addEventListener('visibilitychange', send);
        addEventListener('pagehide', () => { setTimeout(send); send(); });
    });
}
