namespace Fairlead.Engine.Manifests.Detecting.Clues;

/// <summary>Health checks of frameworks in which a file's place is its address.</summary>
internal static class FileRoutes
{
    private static readonly string[] Words = ["healthz", "health", "healthcheck", "readyz", "livez"];

    /// <summary>The address of the first file that answers as a health check.</summary>
    public static string? Health(Sight sight)
    {
        var files = sight
            .Files.Select(file => file.StartsWith("src/", StringComparison.Ordinal) ? file[4..] : file)
            .ToHashSet();
        foreach (var word in Words)
        {
            foreach (var prefix in (string[])["", "api/"])
            {
                var address = prefix + word;
                if (Places(address).Any(place => files.Any(file => IsAt(file, place))))
                {
                    return "/" + address;
                }
            }
        }
        return null;
    }

    // Next's app and pages routers, Nuxt's server routes, SvelteKit's endpoints.
    private static IEnumerable<string> Places(string address) =>
        [
            $"app/{address}/route",
            .. address.StartsWith("api/", StringComparison.Ordinal)
                ? (string[])[$"pages/{address}", $"server/{address}", $"server/{address}.get"]
                : [$"server/routes/{address}", $"server/routes/{address}.get"],
            $"routes/{address}/+server",
        ];

    private static bool IsAt(string file, string place) =>
        file == place + ".ts" || file == place + ".js" || file == place + ".tsx";
}
