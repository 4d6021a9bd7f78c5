using System.Globalization;
using System.Text.Json.Nodes;

namespace Fairlead.Scenarios.Aws;

/// <summary>The same deployments, as versions of a function of Lambda.</summary>
public sealed class LambdaScenarios
{
    private const string Function = "orders-production-api";
    private const string Path = $"/2015-03-31/functions/{Function}";

    // Looks at the very version that is to be judged, where Fairlead says that it is.
    private const string Check = """
        import json, os, sys, urllib.request
        url = os.environ["FAIRLEAD_URL"].replace("/invocations", "/configuration")
        asked = urllib.request.Request(url, headers={"Authorization": "AWS4-HMAC-SHA256 Credential=x/20260101/eu-central-1/lambda/aws4_request, SignedHeaders=host, Signature=x"})
        found = json.load(urllib.request.urlopen(asked, timeout=10))
        print("looked at version", found["Version"])
        sys.exit(1 if found["Environment"]["Variables"].get("FAULT") else 0)
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_function_is_deployed_tried_with_a_share_taken_back_when_broken_and_rolled_back()
    {
        await using var moto = await MotoUnderTest.StartAsync();
        var role = await moto.RoleAsync("orders");
        await using var platform = await Voyages.Platform.StartAsync(moto.Env);
        var folder = App(
            platform,
            role,
            "{ strategy: canary, shares: [10%], hold: 2s, gates: [{ command: python3 check.py }] }"
        );

        await SucceedsAsync(platform.DeployAsync(folder));
        Assert.Equal("1=100", await AliasAsync(moto));

        // Before the good one: moto gives the number of a version that was removed to the next one.
        var broken = await platform.DeployAsync(folder, "api.env.FAULT=crash");
        Assert.True(broken.Code == 6, broken.ToString());
        Assert.Contains("python3 check.py", broken.Messages, StringComparison.Ordinal);
        Assert.Equal("1=100", await AliasAsync(moto));

        var canary = platform.DeployAsync(folder, "api.env.N=2");
        await MotoUnderTest.UntilAsync(async () => await AliasAsync(moto) == "1=90 2=10", "a tenth goes to the second");
        await SucceedsAsync(canary);
        Assert.Equal("2=100", await AliasAsync(moto));

        await SucceedsAsync(platform.RunAsync("rollback", "orders"));
        Assert.Equal("1=100", await AliasAsync(moto));
    }

    [Fact]
    public async Task What_CloudWatch_counts_breaks_a_gate()
    {
        await using var moto = await MotoUnderTest.StartAsync();
        var role = await moto.RoleAsync("orders");
        await using var platform = await Voyages.Platform.StartAsync(moto.Env);
        var folder = App(
            platform,
            role,
            "{ strategy: canary, shares: [20%], hold: 3m, judge: off, gates: [error-rate < 1%] }"
        );
        await SucceedsAsync(platform.DeployAsync(folder));

        var failing = platform.DeployAsync(folder, "api.env.N=2");
        await MotoUnderTest.UntilAsync(async () => await AliasAsync(moto) == "1=80 2=20", "a fifth goes to the second");
        await CountAsync(moto, "2", "Invocations", 200);
        await CountAsync(moto, "2", "Errors", 120);
        var answer = await failing;

        Assert.True(answer.Code == 6, answer.ToString());
        Assert.Contains("120 of 200 requests failed", answer.Messages, StringComparison.Ordinal);
        Assert.Equal("1=100", await AliasAsync(moto));
    }

    [Fact]
    public async Task A_server_that_is_killed_in_the_midst_makes_nothing_twice_and_what_is_removed_by_hand_is_put_back()
    {
        await using var moto = await MotoUnderTest.StartAsync();
        var role = await moto.RoleAsync("orders");
        await using var platform = await Voyages.Platform.StartAsync(moto.Env);
        var folder = App(platform, role, "{ strategy: blue-green }");
        await SucceedsAsync(platform.DeployAsync(folder));

        var deploying = platform.DeployAsync(folder, "api.env.N=2");
        for (var kills = 0; kills < 3; kills++)
        {
            platform.Kill("server");
            await Task.Delay(TimeSpan.FromSeconds(1), Stop);
        }
        await deploying;
        await MotoUnderTest.UntilAsync(
            async () =>
                (await VersionsAsync(moto)).Contains("api@2", StringComparison.Ordinal)
                && await AliasAsync(moto) == "2=100",
            "the second answers"
        );
        Assert.Equal("api@1 api@2", await VersionsAsync(moto));

        await moto.AskAsync(new("lambda", "DeleteFunction", "DELETE", Path));
        await MotoUnderTest.UntilAsync(async () => await AliasAsync(moto) is { Length: > 0 }, "it is put back", 90);
        // The one before is kept warm, so it is put back too.
        await MotoUnderTest.UntilAsync(async () => await VersionsAsync(moto) == "api@1 api@2", "both are back", 90);
    }

    [Fact]
    public async Task Somebody_elses_function_is_left_alone_and_a_role_that_is_none_is_said()
    {
        await using var moto = await MotoUnderTest.StartAsync();
        var role = await moto.RoleAsync("orders");
        await moto.JsonAsync(
            "lambda",
            "POST",
            "/2015-03-31/functions",
            new()
            {
                ["FunctionName"] = Function,
                ["Runtime"] = "python3.13",
                ["Handler"] = "a.b",
                ["Role"] = role,
                ["Code"] = new JsonObject { ["ZipFile"] = Convert.ToBase64String([80, 75, 5, 6, .. new byte[18]]) },
            }
        );
        await using var platform = await Voyages.Platform.StartAsync(moto.Env);
        var folder = App(platform, role, "{ strategy: blue-green }");

        var refused = await platform.DeployAsync(folder);

        Assert.True(refused.Code != 0, refused.ToString());
        Assert.Contains("does not belong to this app", refused.Messages, StringComparison.Ordinal);
        var left = await moto.JsonAsync("lambda", "GET", Path);
        Assert.Equal("a.b", left["Configuration"]!["Handler"]!.GetValue<string>());
    }

    private static string App(Voyages.Platform platform, string role, string deploy)
    {
        var folder = platform.App(
            "orders",
            $$"""
            app: orders
            services:
              api:
                kind: api
                path: fn
                keep: 10m
                aws: { lambda: { runtime: nodejs22.x, handler: index.handler, role: "{{role}}", memory: 256MiB, timeout: 10s } }
                deploy: {{deploy}}
            environments:
              production: { target: aws }
            """
        );
        Directory.CreateDirectory(System.IO.Path.Combine(folder, "fn"));
        File.WriteAllText(
            System.IO.Path.Combine(folder, "fn", "index.mjs"),
            "export const handler = async () => ({ statusCode: 200 });\n"
        );
        File.WriteAllText(System.IO.Path.Combine(folder, "check.py"), Check);
        return folder;
    }

    /// <summary>Which version has how much, such as <c>1=90 2=10</c>; empty where there is no alias.</summary>
    private static async Task<string> AliasAsync(MotoUnderTest moto)
    {
        var all = await AliasesAsync(moto);
        if (all.SingleOrDefault(one => one["Name"]!.GetValue<string>() == "live") is not { } alias)
        {
            return "";
        }
        var others = (alias["RoutingConfig"]?["AdditionalVersionWeights"] as JsonObject ?? [])
            .Select(one => (one.Key, Percent: (int)Math.Round(one.Value!.GetValue<double>() * 100)))
            .ToList();
        var main = (Key: alias["FunctionVersion"]!.GetValue<string>(), Percent: 100 - others.Sum(one => one.Percent));
        return string.Join(
            ' ',
            others
                .Append(main)
                .OrderBy(one => one.Key, StringComparer.Ordinal)
                .Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Key}={one.Percent}"))
        );
    }

    private static async Task<IReadOnlyList<JsonNode>> AliasesAsync(MotoUnderTest moto)
    {
        var functions = await moto.JsonAsync("lambda", "GET", "/2015-03-31/functions");
        if (functions["Functions"]!.AsArray().All(one => one!["FunctionName"]!.GetValue<string>() != Function))
        {
            return [];
        }
        return [.. (await moto.JsonAsync("lambda", "GET", $"{Path}/aliases"))["Aliases"]!.AsArray().OfType<JsonNode>()];
    }

    private static async Task<string> VersionsAsync(MotoUnderTest moto)
    {
        var all = await moto.JsonAsync("lambda", "GET", $"{Path}/versions");
        return string.Join(
            ' ',
            all["Versions"]!
                .AsArray()
                .Where(one => one!["Version"]!.GetValue<string>() != "$LATEST")
                .Select(one => one!["Description"]!.GetValue<string>().Split(' ')[^1])
                .Order(StringComparer.Ordinal)
        );
    }

    private static async Task CountAsync(MotoUnderTest moto, string version, string metric, int sum) =>
        await moto.QueryAsync(
            "monitoring",
            "2010-08-01",
            "PutMetricData",
            ("Namespace", "AWS/Lambda"),
            ("MetricData.member.1.MetricName", metric),
            ("MetricData.member.1.Value", sum.ToString(CultureInfo.InvariantCulture)),
            ("MetricData.member.1.Dimensions.member.1.Name", "FunctionName"),
            ("MetricData.member.1.Dimensions.member.1.Value", Function),
            ("MetricData.member.1.Dimensions.member.2.Name", "Resource"),
            ("MetricData.member.1.Dimensions.member.2.Value", $"{Function}:live"),
            ("MetricData.member.1.Dimensions.member.3.Name", "ExecutedVersion"),
            ("MetricData.member.1.Dimensions.member.3.Value", version)
        );

    private static async Task SucceedsAsync(Task<Voyages.Platform.Answer> answer)
    {
        var said = await answer;
        Assert.True(said.Code == 0, said.ToString());
    }
}
