using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Fairlead.Scenarios.Telemetry;

namespace Fairlead.Scenarios.Identity;

/// <summary>Signing in at a foreign issuer: npm's oidc-provider.</summary>
public sealed partial class OidcScenarios
{
    private const string Secret = "a secret of the client";

    private static readonly string Modules = Path.Combine(
        Path.GetDirectoryName(Path.GetDirectoryName(NpmPeers.Modules))!,
        "identity",
        "node_modules"
    );

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task People_sign_in_at_a_foreign_issuer_by_address_and_by_group()
    {
        Need();
        await using var platform = await Voyages.Platform.StartAsync(
            new Dictionary<string, string> { ["CORP_SECRET"] = Secret }
        );
        var origin = $"http://localhost:{platform.Api.Port}";
        using var peer = Start(origin + "/sign-in/oidc/callback");
        var port = await peer.StandardOutput.ReadLineAsync(Stop);
        try
        {
            var set = await platform.RunAsync([
                "idp",
                "set",
                "corp",
                "--issuer",
                $"http://127.0.0.1:{port}",
                "--client",
                "fairlead",
                "--inside",
                "--secret-variable",
                "CORP_SECRET",
                "--groups",
                "devs=deployer@shop",
            ]);
            Assert.True(set.Code == 0, set.ToString());
            Assert.DoesNotContain(Secret, set.ToString());

            // A group lets somebody in whom nobody invited; another stays out, and so does an address that is not verified.
            Assert.Contains("Somebody dev", await SignInAsync(origin, "dev"));
            Assert.Contains("identity.not-invited", await SignInAsync(origin, "stranger"));
            Assert.Contains("does not say that it verified", await SignInAsync(origin, "unverified"));
            var people = (await platform.AskAsync("person", "list"))["people"]!.AsArray();
            Assert.Equal("dev@example.org corp", $"{people[0]!["email"]} {people[0]!["ways"]![0]}");

            // An answer that this browser did not ask for is nobody's.
            using var http = new HttpClient();
            using var forged = await http.GetAsync($"{origin}/sign-in/oidc/callback?code=x&state=y", Stop);
            Assert.Equal(HttpStatusCode.Forbidden, forged.StatusCode);

            // Whoever is not vouched for as inside is not asked there.
            await platform.RunAsync(
                "idp",
                "set",
                "corp",
                "--issuer",
                "https://127.0.0.1:" + port,
                "--client",
                "fairlead"
            );
            Assert.Contains(
                "where Fairlead is not sent",
                await http.GetStringOrProblemAsync($"{origin}/sign-in/oidc?with=corp", Stop)
            );
        }
        finally
        {
            peer.Kill();
        }
    }

    internal static void Need() =>
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(Modules, "oidc-provider")),
            $"oidc-provider is not installed: npm install --prefix {Path.GetDirectoryName(Modules)} oidc-provider"
        );

    /// <summary>As a browser does it: follows every redirect, fills in the issuer's forms, and gives the page where it ends.</summary>
    private static async Task<string> SignInAsync(string origin, string who)
    {
        using var http = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer() });
        using var begun = await http.GetAsync($"{origin}/sign-in/oidc?with=corp", Stop);
        var (page, at) = (await begun.Content.ReadAsStringAsync(Stop), begun.RequestMessage!.RequestUri!);
        while (Form().Match(page) is { Success: true } form)
        {
            var prompt = page.Contains("value=\"consent\"", StringComparison.Ordinal) ? "consent" : "login";
            using var fields = new FormUrlEncodedContent(
                new Dictionary<string, string>
                {
                    ["prompt"] = prompt,
                    ["login"] = who,
                    ["password"] = "any",
                }
            );
            using var answer = await http.PostAsync(new Uri(at, form.Groups["at"].Value), fields, Stop);
            (page, at) = (await answer.Content.ReadAsStringAsync(Stop), answer.RequestMessage!.RequestUri!);
            if (at.Authority == new Uri(origin).Authority)
            {
                return page;
            }
        }
        return page;
    }

    private static string Peer([CallerFilePath] string path = "") =>
        Path.Combine(Path.GetDirectoryName(path)!, "oidc-peer.mjs");

    internal static Process Start(string callback)
    {
        var start = new ProcessStartInfo("node", [Peer()]) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["OIDC_MODULES"] = Modules;
        start.Environment["OIDC_CALLBACK"] = callback;
        start.Environment["OIDC_SECRET"] = Secret;
        return Process.Start(start)!;
    }

    [GeneratedRegex(
        "<form[^>]*action=\"(?<at>[^\"]+/interaction/[^\"/]+|/interaction/[^\"/]+)\"",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Form();
}

/// <summary>An answer's text, whatever its status.</summary>
internal static class Answered
{
    public static async Task<string> GetStringOrProblemAsync(this HttpClient http, string url, CancellationToken stop)
    {
        using var answer = await http.GetAsync(url, stop);
        return await answer.Content.ReadAsStringAsync(stop);
    }
}
