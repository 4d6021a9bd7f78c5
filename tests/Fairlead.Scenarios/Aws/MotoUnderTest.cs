using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Fairlead.Drivers.Aws;
using Fairlead.Model.Ports;
using Fairlead.Scenarios.Certificates;
using Fairlead.Scenarios.Collecting;
using Fairlead.Scenarios.Dns;

namespace Fairlead.Scenarios.Aws;

/// <summary>moto, which plays AWS on loopback, and one who looks at it. It checks no signature: that is a matter of the fast tests.</summary>
internal sealed class MotoUnderTest : IAsyncDisposable
{
    public const string Region = "eu-central-1";

    private readonly HttpClient http = new();
    private readonly Peer peer;
    private readonly AwsApi aws;

    private MotoUnderTest(Peer peer, int port)
    {
        this.peer = peer;
        Env = new()
        {
            ["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE",
            ["AWS_SECRET_ACCESS_KEY"] = "not-checked",
            ["AWS_REGION"] = Region,
            ["AWS_ENDPOINT_URL"] = $"http://127.0.0.1:{port}",
        };
        aws = AwsApi.Of(http, Env.GetValueOrDefault, new World(TimeProvider.System, new Random(1)));
    }

    /// <summary>By which any of AWS's tools, and Fairlead, find it.</summary>
    public Dictionary<string, string> Env { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <param name="script">A program of Python that is moto's server with something more; moto's own when left out.</param>
    public static async Task<MotoUnderTest> StartAsync(string? script = null)
    {
        var moto = PebbleUnderTest.Program("moto_server");
        Assert.SkipWhen(moto is null, "moto_server is not installed (Python package moto[server])");
        var port = RealPeer.FreePort();
        string[] words = ["-H", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture)];
        // The Python that moto is installed for stands beside it.
        var python = Path.Combine(Path.GetDirectoryName(moto!)!, "python");
        return script is null
            ? new(await Peer.StartAsync(moto!, words, port, Stop), port)
            : new(await Peer.StartAsync(python, [script, .. words], port, Stop), port);
    }

    public async ValueTask DisposeAsync()
    {
        await peer.DisposeAsync();
        http.Dispose();
    }

    public async Task<AwsAnswer> AskAsync(AwsCall call)
    {
        var answer = await aws.AskAsync(call, Stop);
        Assert.True(answer.IsDone, $"{call}: {answer.Status} {answer.Code} {answer.Message}");
        return answer;
    }

    /// <summary>REST with JSON.</summary>
    public async Task<JsonObject> JsonAsync(string service, string method, string path, JsonObject? body = null) =>
        (
            await AskAsync(
                new(service, "Look", method, path)
                {
                    Body = body is null ? default : Encoding.UTF8.GetBytes(body.ToJsonString()),
                    ContentType = "application/json",
                }
            )
        ).Json();

    /// <summary>JSON with the action in a header.</summary>
    public async Task<JsonObject> TargetAsync(string service, string target, string action, JsonObject body) =>
        (
            await AskAsync(
                new(service, action, "POST", "/")
                {
                    Headers = new Dictionary<string, string> { ["X-Amz-Target"] = $"{target}.{action}" },
                    Body = Encoding.UTF8.GetBytes(body.ToJsonString()),
                    ContentType = "application/x-amz-json-1.1",
                }
            )
        ).Json();

    /// <summary>A form.</summary>
    public async Task<XElement> QueryAsync(
        string service,
        string version,
        string action,
        params (string Name, string Value)[] fields
    ) =>
        (
            await AskAsync(
                new(service, action, "POST", "/")
                {
                    Body = Encoding.UTF8.GetBytes(
                        string.Join(
                            '&',
                            fields
                                .Append(("Action", action))
                                .Append(("Version", version))
                                .Select(one => $"{one.Item1}={Uri.EscapeDataString(one.Item2)}")
                        )
                    ),
                    ContentType = "application/x-www-form-urlencoded",
                    IsGlobal = service == "iam",
                }
            )
        ).Xml();

    /// <summary>A role that a service may take.</summary>
    /// <returns>Its ARN.</returns>
    public async Task<string> RoleAsync(string name)
    {
        var made = await QueryAsync(
            "iam",
            "2010-05-08",
            "CreateRole",
            ("RoleName", name),
            ("AssumeRolePolicyDocument", "{}")
        );
        return made.Descendants().First(one => one.Name.LocalName == "Arn").Value;
    }

    /// <summary>Waits until something is so.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo, string what, int secondsMax = 60)
    {
        for (var tries = 0; !await isSo(); tries++)
        {
            Assert.True(tries < secondsMax * 5, $"It did not come about within {secondsMax} s: {what}");
            await Task.Delay(200, Stop);
        }
    }
}
