using System.Net;
using System.Text.Json;
using Fairlead.Scenarios.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Fairlead.Scenarios.Checking;

/// <summary>A bad service is told for each of its faults, and a good one for none.</summary>
public sealed class DastScenarios
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bad_service_is_told_for_each_of_its_faults()
    {
        await using var site = await SampleSite.StartAsync(BadAsync);
        using var folder = new CiFolder(new Dictionary<string, string>());
        folder.Write("fairlead.checks.yaml", "{}\n");
        var (code, output, error) = await folder.RunAsync(
            Stop,
            "check",
            "dast",
            site.Url,
            "--json",
            "--report",
            "reports/dast.sarif"
        );
        Assert.True(code == 1, output + error);
        using var json = JsonDocument.Parse(output);
        var rules = json
            .RootElement.GetProperty("data")
            .GetProperty("findings")
            .EnumerateArray()
            .Select(static one => one.GetProperty("rule").GetString()!)
            .Distinct()
            .Order(StringComparer.Ordinal);
        Assert.Equal(
            [
                "backup-exposed",
                "cookie",
                "cors-reflected",
                "directory-listing",
                "env-exposed",
                "git-exposed",
                "header",
                "input-reflected",
                "open-redirect",
                "stack-trace",
            ],
            rules
        );
        Assert.Contains(
            "\"ruleId\": \"env-exposed\"",
            await File.ReadAllTextAsync(folder.PathOf("reports/dast.sarif"), Stop),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_good_service_is_told_for_nothing()
    {
        await using var site = await SampleSite.StartAsync(GoodAsync);
        using var folder = new CiFolder(new Dictionary<string, string>());
        folder.Write("fairlead.checks.yaml", "{}\n");
        var (code, output, error) = await folder.RunAsync(Stop, "check", "dast", site.Url, "--json");
        Assert.True(code == 0, output + error);
        using var json = JsonDocument.Parse(output);
        Assert.Empty(json.RootElement.GetProperty("data").GetProperty("findings").EnumerateArray());
        Assert.InRange(json.RootElement.GetProperty("data").GetProperty("asked").GetInt32(), 40, 500);
    }

    [Fact]
    public async Task A_service_of_others_is_not_asked_unless_it_is_named()
    {
        using var folder = new CiFolder(new Dictionary<string, string>());
        folder.Write("fairlead.checks.yaml", "{}\n");
        var (code, _, error) = await folder.RunAsync(Stop, "check", "dast", "https://shop.example.com/");
        Assert.Equal(4, code);
        Assert.Contains("check.host", error, StringComparison.Ordinal);
    }

    private static Task BadAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (query["next"].ToString() is { Length: > 0 } next)
        {
            context.Response.Redirect(next);
            return Task.CompletedTask;
        }
        if (context.Request.Headers.Origin.ToString() is { Length: > 0 } origin)
        {
            context.Response.Headers.AccessControlAllowOrigin = origin;
            context.Response.Headers.AccessControlAllowCredentials = "true";
        }
        return context.Request.Path.Value switch
        {
            "/" => HomeAsync(
                context,
                $"<a href=\"/files/\">files</a><form><input name=\"find\"></form>You looked for {query["find"]}"
            ),
            "/files/" => SampleSite.HtmlAsync(context, "<html><title>Index of /files/</title></html>"),
            "/.git/HEAD" => context.Response.WriteAsync("ref: refs/heads/main\n"),
            "/.env" => context.Response.WriteAsync("# secrets\nDB_PASSWORD=hunter2\n"),
            "/dump.sql" => context.Response.WriteAsync("CREATE TABLE users (id int);\n"),
            _ => SampleSite.HtmlAsync(
                context,
                "<pre>Traceback (most recent call last):\n  File \"/srv/app.py\", line 1</pre>",
                500
            ),
        };
    }

    private static Task HomeAsync(HttpContext context, string html)
    {
        context.Response.Headers.Append("Set-Cookie", "session=1; Path=/");
        return SampleSite.HtmlAsync(context, html);
    }

    // Every path answers with the same page, as many sites do; what is typed comes back escaped.
    private static Task GoodAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy =
            "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; form-action 'self'";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Permissions-Policy"] = "camera=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.SetCookie = "__Host-session=1; Path=/; Secure; HttpOnly; SameSite=Lax";
        if (context.Request.Method == "TRACE")
        {
            context.Response.StatusCode = 405;
            return Task.CompletedTask;
        }
        if (context.Request.Query["next"].ToString() is ['/', not '/', ..] next)
        {
            context.Response.Redirect(next);
            return Task.CompletedTask;
        }
        return SampleSite.HtmlAsync(
            context,
            $"<!doctype html><title>Shop</title><a href=\"/?q=a\">a</a>You looked for {WebUtility.HtmlEncode(context.Request.Query["q"])}"
        );
    }
}
