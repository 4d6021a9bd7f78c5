using Fairlead.Model.Apps;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Demo;

/// <summary>What a simulated user's browser measured of one page.</summary>
public static class DemoViews
{
    private static readonly string[] Routes = ["/", "/cart", "/orders/:id", "/search", "/items/:id", "/login"];

    public static PageView Of(Site site, int release, Random random)
    {
        var device = random.Next(10) switch
        {
            < 5 => Device.Mobile,
            < 6 => Device.Tablet,
            _ => Device.Desktop,
        };
        var slow = device == Device.Mobile ? 1.7 : 1;
        double Around(double middle) => middle * slow * (0.55 + 0.9 * random.NextDouble());
        var first = Around(site.App == "blog" ? 70 : 160);
        return new(
            site,
            release,
            Routes[random.Next(Routes.Length)],
            device,
            new Dictionary<VitalKind, double>
            {
                [VitalKind.Ttfb] = first,
                [VitalKind.Fcp] = first + Around(420),
                [VitalKind.Lcp] = first + Around(site.App == "storefront" ? 1_350 : 820),
                [VitalKind.Inp] = Around(site.App == "accounts" ? 180 : 85),
                [VitalKind.Cls] = random.Next(6) == 0 ? 0.14 * random.NextDouble() : 0.01,
            },
            random.Next(90) == 0 ? 1 : 0
        );
    }
}
