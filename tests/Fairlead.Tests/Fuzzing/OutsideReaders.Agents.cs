using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Drivers.Forges;
using Fairlead.Engine.Agents;
using Fairlead.Engine.Handoffs;
using Fairlead.Faces.A2a;
using Fairlead.Model.Agents;
using Fairlead.Model.Problems;
using Fairlead.Model.Web;

namespace Fairlead.Tests.Fuzzing;

/// <summary>Readers of what agents and other roles send.</summary>
internal static partial class OutsideReaders
{
    private static IEnumerable<OutsideReader> Agents()
    {
        yield return OutsideReader
            .OfText(
                "a hand-off",
                text => HandoffReading.Read(text, "fuzz", Now),
                "kind: quality-gate\napp: shop\nenvironment: production\ntitle: t\nowner: o\nbody: { phase: prepare, gate: e2e }\n",
                """{"kind":"growth-forecast","app":"shop","environment":"production","title":"t","owner":"o","body":{"service":"api","peakPerSecond":5e2,"perReplicaPerSecond":50}}""",
                "kind: security-finding\napp: shop\nenvironment: production\ntitle: t\nowner: o\ndue: 2027-01-01\nbody: { finding: X, severity: low, deadline: 2027-01-01 }\n"
            )
            .Refuses<ProblemException>();
        yield return OutsideReader.OfText(
            "an agent's file",
            text => RoleFileCheck.Check("a.md", text),
            "---\nname: a\ndescription: b\ntoolz: Read\n---\nWork.\n"
        );
        yield return OutsideReader.OfText(
            "text of strangers",
            text => PlainText.Of(text),
            "\u001b[31mred\u001b]0;title\a \u200b\ud83d\ude00 \u009b2J"
        );
        yield return OutsideReader.OfText(
            "a card of another agent",
            text => PeerSpeech.Read(Answers.Read(Encoding.UTF8.GetBytes(text)), new("https://x.example/")),
            """{"name":"Fixer","supportedInterfaces":[{"url":"https://x.example/a2a","protocolBinding":"JSONRPC","protocolVersion":"1.0"}]}"""
        );
        yield return OutsideReader.OfText(
            "an answer of another agent",
            text =>
                PeerSpeech.After(
                    new()
                    {
                        Peer = "x",
                        Handoff = "1",
                        Site = new("shop", "production"),
                        At = Now,
                    },
                    Answers.Read(Encoding.UTF8.GetBytes(text))
                ),
            """{"result":{"task":{"id":"t","status":{"state":"TASK_STATE_WORKING","message":{"parts":[{"text":"x"}]}}}}}""",
            """{"result":{"message":{"parts":[{"text":"x"}]}}}""",
            """{"error":{"code":-32001,"message":"no"}}"""
        );
        yield return OutsideReader
            .OfText(
                "a message of another agent",
                ReadMessage,
                """{"messageId":"m","role":"ROLE_USER","parts":[{"text":"x"},{"data":{"skill":"status","input":{}}}]}"""
            )
            .Refuses<JsonException>();
    }

    private static void ReadMessage(string text)
    {
        if (JsonTexts.Read(text) is JsonObject message)
        {
            _ = A2aWords.AskedBy(message);
        }
    }
}
