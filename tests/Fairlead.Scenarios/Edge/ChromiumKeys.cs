using System.Text.Json.Nodes;

namespace Fairlead.Scenarios.Edge;

/// <summary>A key of the machine's own in a browser, such as a fingerprint reader, which always says yes.</summary>
internal static class ChromiumKeys
{
    public static async Task AddAuthenticatorAsync(this Chromium browser, CancellationToken stop)
    {
        await browser.AskAsync("WebAuthn.enable", [], stop);
        await browser.AskAsync(
            "WebAuthn.addVirtualAuthenticator",
            new JsonObject
            {
                ["options"] = new JsonObject
                {
                    ["protocol"] = "ctap2",
                    ["transport"] = "internal",
                    ["hasResidentKey"] = true,
                    ["hasUserVerification"] = true,
                    ["isUserVerified"] = true,
                    ["automaticPresenceSimulation"] = true,
                },
            },
            stop
        );
    }

    /// <summary>What the browser holds for the page's address.</summary>
    public static async Task<IReadOnlyDictionary<string, JsonNode>> CookiesAsync(
        this Chromium browser,
        CancellationToken stop
    ) =>
        (await browser.AskAsync("Network.getCookies", [], stop))["cookies"]!
            .AsArray()
            .ToDictionary(one => (string)one!["name"]!, one => one!);

    /// <summary>A picture of the page, where FAIRLEAD_PICTURES says that somebody wants to look.</summary>
    public static async Task PictureAsync(this Chromium browser, string name, CancellationToken stop)
    {
        if (Environment.GetEnvironmentVariable("FAIRLEAD_PICTURES") is { Length: > 0 } folder)
        {
            var picture = await browser.AskAsync(
                "Page.captureScreenshot",
                new JsonObject { ["captureBeyondViewport"] = true },
                stop
            );
            await File.WriteAllBytesAsync(
                Path.Combine(folder, name + ".png"),
                Convert.FromBase64String((string)picture["data"]!),
                stop
            );
        }
    }
}
