using System.Text.Json.Nodes;
using Fairlead.Faces.Cli.Showing;

namespace Fairlead.Tests.Faces;

public sealed class RenderingTests
{
    [Fact]
    public void Records_are_aligned_and_lists_of_records_are_tables() =>
        Renders(
            """
            { "app": "shop", "requestedAt": "2026-03-01T12:00:00.5+01:00", "isOver": false, "none": null, "empty": [],
              "hosts": ["a.example", "b.example"],
              "releases": [ { "number": 9, "commit": "abc" }, { "number": 10, "note": "hot\nfix" } ],
              "build": { "took": "3s", "log": "line 1\nline 2" } }
            """,
            """
            app           shop
            requested at  2026-03-01 11:00:00Z
            is over       no
            hosts         a.example, b.example
            releases:
              NUMBER  COMMIT  NOTE
                   9  abc
                  10          hot fix
            build:
              took  3s
              log   line 1
                    line 2
            """
        );

    [Fact]
    public void Records_with_lists_inside_are_blocks() =>
        Renders(
            """{ "apps": [ { "app": "a", "services": [ { "name": "api" } ] }, { "app": "b", "notes": ["two words"] } ] }""",
            """
            apps:
              app  a
              services:
                NAME
                api

              app  b
              notes:
                two words
            """
        );

    [Fact]
    public void An_answer_that_holds_nothing_says_so() => Renders("""{ "apps": [] }""", "no apps");

    [Fact]
    public void Steps_are_numbered_and_the_rest_is_a_record() =>
        Renders(
            """{ "digest": "abc", "steps": [ { "text": "place api@2 x1", "state": "waiting" }, "retire api@1" ] }""",
            """
            digest  abc
            steps:
              1. place api@2 x1
              2. retire api@1
            """
        );

    [Fact]
    public void Log_lines_name_their_replica_and_cannot_move_the_cursor() =>
        Renders(
            """{ "lines": [ { "replica": "api@2#0", "text": "up \u001b[31mred" } ], "cursor": "x" }""",
            "api@2#0 | up \uFFFD[31mred"
        );

    [Fact]
    public void A_deployment_is_told_step_by_step() =>
        Renders(
            FollowTests.Deployment("rolling-out"),
            """
            shop/production release 42 (deployment d1): rolling-out
              ✓ place api@42 x2
              ▸ shift 5% to api@42
              · promote release 42
              PART    SHARE  READY  REQ/S  ERRORS %  P95 MS
              api@41    95%  2/2     19.5       0.1    41.5
              api@42     5%  1/2
              p95 < 300ms: holds. 41.5 ms, limit 300 ms
              waits for 80 more requests
            """
        );

    private static void Renders(string json, string expected) =>
        Assert.Equal(expected.Split('\n'), Payload.Lines(JsonNode.Parse(json)));
}
