using System.Buffers.Text;
using System.Text.Json.Nodes;
using static Fairlead.Scenarios.Agents.A2a.A2aPeer;

namespace Fairlead.Scenarios.Agents.A2a;

public sealed partial class A2aRequirements
{
    private const string CardPath = ".well-known/agent-card.json";

    private static Dictionary<string, Func<A2aPeer, Task>> Cards { get; } =
        new(StringComparer.Ordinal)
        {
            ["CARD-DISC-001"] = static async peer => Assert.Equal("Fairlead", Text(await CardAsync(peer), "name")),
            ["CARD-STRUCT-001"] = static async peer =>
            {
                var card = await CardAsync(peer);
                string[] needed =
                [
                    "name",
                    "description",
                    "version",
                    "supportedInterfaces",
                    "capabilities",
                    "defaultInputModes",
                    "defaultOutputModes",
                    "skills",
                ];
                Assert.All(needed, one => Assert.NotNull(card[one]));
                Assert.All(
                    card["skills"]!.AsArray(),
                    static one =>
                        Assert.All((string[])["id", "name", "description", "tags"], name => Assert.NotNull(one![name]))
                );
            },
            ["CARD-PROTO-001"] = static async peer =>
                Assert.Equal(
                    ["HTTP+JSON", "JSONRPC"],
                    (await CardAsync(peer))["supportedInterfaces"]!
                        .AsArray()
                        .Select(static one => Text(one!, "protocolBinding"))
                        .Order()
                ),
            ["CARD-PROTO-002"] = static async peer =>
                Assert.All(
                    (await CardAsync(peer))["supportedInterfaces"]!.AsArray(),
                    one =>
                    {
                        Assert.StartsWith(peer.Address.ToString(), Text(one!, "url"), StringComparison.Ordinal);
                        Assert.Equal("1.0", Text(one!, "protocolVersion"));
                    }
                ),
            ["CARD-EXT-001"] = static async peer =>
                Assert.Equal(401, (await peer.SendAsync(HttpMethod.Get, "a2a/v1/extendedAgentCard", by: "")).Status),
            ["CARD-SIGN-001"] = static async peer => await SignedAsync(peer, static _ => { }, holds: true),
            ["CARD-SIGN-002"] = static async peer =>
                await SignedAsync(
                    peer,
                    static card => card["signatures"]!.AsArray().Add(new JsonObject()),
                    holds: true
                ),
            ["CARD-SIGN-003"] = static async peer =>
            {
                var head = Head(await CardAsync(peer));
                Assert.Equal("ES256", Text(head, "alg"));
                Assert.NotEmpty(Text(head, "kid"));
            },
            ["CARD-CACHE-001"] = static async peer =>
                Assert.Contains(
                    "max-age=",
                    (await peer.SendAsync(HttpMethod.Get, CardPath, by: "")).Cache,
                    StringComparison.Ordinal
                ),
            ["CARD-CACHE-002"] = static async peer =>
            {
                var first = await peer.SendAsync(HttpMethod.Get, CardPath, by: "");
                Assert.NotEmpty(first.Tag);
                Assert.Equal(first.Tag, (await peer.SendAsync(HttpMethod.Get, CardPath, by: "")).Tag);
                Assert.Equal(304, (await peer.SendAsync(HttpMethod.Get, CardPath, by: "", known: first.Tag)).Status);
            },
            ["BIND-FIELD-001"] = static async peer =>
                Assert.All(
                    (await CardAsync(peer))["supportedInterfaces"]!.AsArray(),
                    static one => Assert.Contains(Text(one!, "protocolBinding"), (string[])["JSONRPC", "HTTP+JSON"])
                ),
            ["DM-TASK-001"] = static async peer =>
            {
                var task = await peer.TaskAsync();
                Assert.NotEmpty(Text(task, "id"));
                Assert.NotNull(task["status"]);
            },
            ["DM-STATUS-001"] = static async peer =>
                Assert.StartsWith("TASK_STATE_", State(await peer.TaskAsync()), StringComparison.Ordinal),
            ["DM-MSG-001"] = static async peer =>
            {
                var message = (await peer.TaskAsync())["status"]!["message"]!;
                Assert.Equal("ROLE_AGENT", Text(message, "role"));
                Assert.NotEmpty(Text(message, "messageId"));
                Assert.NotEmpty(message["parts"]!.AsArray());
            },
            ["DM-PART-001"] = static async peer =>
                Assert.All(
                    (await peer.TaskAsync())["artifacts"]![0]!["parts"]!.AsArray(),
                    static one => Assert.Single(new[] { "text", "raw", "url", "data" }, name => one![name] is not null)
                ),
            ["DM-ART-001"] = static async peer =>
            {
                var artifact = (await peer.TaskAsync())["artifacts"]![0]!;
                Assert.NotEmpty(Text(artifact, "artifactId"));
                Assert.NotEmpty(artifact["parts"]!.AsArray());
            },
            ["DM-SERIAL-001"] = static async peer =>
                Assert.All(
                    Names(await peer.ResultAsync("SendMessage", Message())).Where(static one => !one.StartsWith('(')),
                    static one => Assert.Matches("^[a-z][a-zA-Z0-9]*$", one)
                ),
            ["DM-SERIAL-002"] = static async peer =>
                Assert.Equal(
                    ("TASK_STATE_COMPLETED", "ROLE_AGENT"),
                    (State(await peer.TaskAsync()), Text((await peer.TaskAsync())["status"]!["message"]!, "role"))
                ),
            ["DM-SERIAL-003"] = static async peer =>
                Assert.Matches(
                    @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$",
                    Text((await peer.TaskAsync())["status"]!, "timestamp")
                ),
            ["DM-SERIAL-005"] = static async peer =>
                Assert.Equal(
                    "TASK_STATE_COMPLETED",
                    State(await peer.TaskAsync(",\"futureField\":{\"foo\":[\"bar\"]}"))
                ),
        };

    [Fact]
    public Task A_card_that_somebody_changed_is_not_signed() =>
        SignedAsync(peer, static card => card["name"] = "Another", holds: false);

    private static async Task<JsonNode> CardAsync(A2aPeer peer) =>
        (await peer.SendAsync(HttpMethod.Get, CardPath, by: "")).Node;

    private static JsonNode Head(JsonNode card) =>
        JsonNode.Parse(Base64Url.DecodeFromChars(Text(card["signatures"]![0]!, "protected")))!;

    // By the key that its own header leads to, over what is left without the signatures.
    private static async Task SignedAsync(A2aPeer peer, Action<JsonNode> change, bool holds)
    {
        var card = await CardAsync(peer);
        var (head, signature) = (
            Text(card["signatures"]![0]!, "protected"),
            Base64Url.DecodeFromChars(Text(card["signatures"]![0]!, "signature"))
        );
        var keys = (await peer.SendAsync(HttpMethod.Get, ".well-known/jwks.json", by: "")).Node["keys"]!.AsArray();
        var key = keys.Single(one => Text(one!, "kid") == Text(Head(card), "kid"))!;
        change(card);
        card.AsObject().Remove("signatures");
        using var public_ = System.Security.Cryptography.ECDsa.Create(
            new System.Security.Cryptography.ECParameters
            {
                Curve = System.Security.Cryptography.ECCurve.NamedCurves.nistP256,
                Q = new()
                {
                    X = Base64Url.DecodeFromChars(Text(key, "x")),
                    Y = Base64Url.DecodeFromChars(Text(key, "y")),
                },
            }
        );
        var what = $"{head}.{Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(Canonical(card)))}";
        Assert.Equal(
            holds,
            public_.VerifyData(
                System.Text.Encoding.ASCII.GetBytes(what),
                signature,
                System.Security.Cryptography.HashAlgorithmName.SHA256
            )
        );
    }

    // RFC 8785 for what a card holds: names in order, nothing between, and without what is empty.
    private static string Canonical(JsonNode? node) =>
        node switch
        {
            JsonObject record =>
                $"{{{string.Join(',', record.Where(static one => !IsEmpty(one.Value)).OrderBy(static one => one.Key, StringComparer.Ordinal).Select(static one => $"\"{one.Key}\":{Canonical(one.Value)}"))}}}",
            JsonArray list => $"[{string.Join(',', list.Where(static one => !IsEmpty(one)).Select(Canonical))}]",
            _ => node!.ToJsonString(
                new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
            ),
        };

    private static bool IsEmpty(JsonNode? node) =>
        node switch
        {
            null => true,
            JsonObject record => record.All(static one => IsEmpty(one.Value)),
            JsonArray list => list.All(IsEmpty),
            _ => node.ToJsonString() is "\"\"",
        };

    // Below an artifact's data everything is the skill's own.
    private static IEnumerable<string> Names(JsonNode? node) =>
        node switch
        {
            JsonObject record => record.SelectMany(static one =>
                one.Key is "data" ? ["data"] : new[] { one.Key }.Concat(Names(one.Value))
            ),
            JsonArray list => list.SelectMany(Names),
            _ => [],
        };
}
