using System.Text.Json.Nodes;
using Fairlead.Engine.Agents;
using Fairlead.Model.Agents;

namespace Fairlead.Tests.Agents;

/// <summary>What another agent says of itself, and of what was handed over to it.</summary>
public sealed class PeerSpeechTests
{
    private static readonly Uri At = new("https://fixer.example.org/.well-known/agent-card.json");

    [Theory]
    [InlineData("https://fixer.example.org/a2a", "JSONRPC", "1.0", true)]
    [InlineData("https://fixer.example.org/a2a", "JSONRPC", "1.0.3", true)]
    [InlineData("https://fixer.example.org/a2a", "JSONRPC", "10.0", false)]
    [InlineData("https://fixer.example.org/a2a", "GRPC", "1.0", false)]
    // The token would go to another host than the one that somebody named.
    [InlineData("https://elsewhere.example.org/a2a", "JSONRPC", "1.0", false)]
    [InlineData("http://fixer.example.org/a2a", "JSONRPC", "1.0", false)]
    [InlineData("https://fixer.example.org:8443/a2a", "JSONRPC", "1.0", false)]
    public void A_card_is_taken_where_it_speaks_at_its_own_host(string url, string binding, string version, bool taken)
    {
        var card = new JsonObject
        {
            ["name"] = "Fixer",
            ["supportedInterfaces"] = new JsonArray(
                new JsonObject
                {
                    ["url"] = url,
                    ["protocolBinding"] = binding,
                    ["protocolVersion"] = version,
                }
            ),
        };
        Assert.Equal(taken, PeerSpeech.Read(card, At) is not null);
    }

    [Theory]
    [InlineData("""{"result":{"task":{"id":"t","status":{"state":"TASK_STATE_WORKING"}}}}""", null)]
    [InlineData("""{"result":{"id":"t","status":{"state":"TASK_STATE_COMPLETED"}}}""", "It was taken, and is done.")]
    [InlineData(
        """{"result":{"task":{"id":"t","status":{"state":"TASK_STATE_INPUT_REQUIRED"}}}}""",
        "It was taken, and a person is asked back."
    )]
    [InlineData("""{"result":{"message":{"parts":[{"text":"thanks"}]}}}""", "It was taken, and answered.")]
    [InlineData("""{"error":{"code":-32600,"message":"no"}}""", "It was refused: no")]
    [InlineData("""{"result":7}""", "It answered with nothing that A2A 1.0 has.")]
    [InlineData("""[]""", "It answered with nothing that A2A 1.0 has.")]
    public void An_answer_says_how_far_it_came(string answer, string? ended) =>
        Assert.Equal(ended, PeerSpeech.After(Delivery, JsonNode.Parse(answer)).Ended);

    [Fact]
    public void A_strangers_words_are_plain_and_bounded()
    {
        var answer = new JsonObject
        {
            ["result"] = new JsonObject
            {
                ["message"] = new JsonObject
                {
                    ["parts"] = new JsonArray(new JsonObject { ["text"] = "\u001b[31mred" + new string('x', 5_000) }),
                },
            },
        };
        var said = PeerSpeech.After(Delivery, answer).Said;
        Assert.StartsWith("redxxx", said, StringComparison.Ordinal);
        Assert.True(said.Length < 1_100);
    }

    private static PeerDelivery Delivery { get; } =
        new()
        {
            Peer = "fixer",
            Handoff = "1f3a9c0215e77b04",
            Site = new("shop", "production"),
            At = new(2026, 11, 28, 10, 0, 0, TimeSpan.Zero),
        };
}
