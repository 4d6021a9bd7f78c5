using Fairlead.Model.Apps;
using Fairlead.Model.Ports;

namespace Fairlead.Tests.Drivers.Builds;

/// <summary>What tests have built.</summary>
internal static class Orders
{
    public static BuildOrder Of(string source, string path = "api", Recipe? recipe = null) =>
        new(
            "shop",
            source,
            new Service
            {
                Name = "api",
                Kind = Kind.Api,
                Path = path,
                Recipe = recipe ?? new Recipe { Stack = "custom" },
                Health = new Health { Tcp = true },
                Replicas = 1,
            }
        );
}
