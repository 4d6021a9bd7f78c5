using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Drivers.Clusters;
using Fairlead.Engine.Clusters;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Web;

namespace Fairlead.Tests.Fuzzing;

/// <summary>Readers of what clusters say.</summary>
internal static partial class OutsideReaders
{
    private const string Deployments = """
        [{"metadata":{"name":"api-42","labels":{"app.kubernetes.io/managed-by":"fairlead","app.kubernetes.io/name":"api","fairlead.dev/since":"42"},"annotations":{"fairlead.dev/slots":"0,1","fairlead.dev/stopping":"2","fairlead.dev/order":"{\"key\":{\"site\":{\"app\":\"shop\",\"environment\":\"p\"},\"part\":{\"service\":\"api\",\"since\":42},\"slot\":0},\"artifact\":\"a\",\"env\":{},\"service\":{\"name\":\"api\",\"kind\":\"Api\",\"path\":\".\",\"recipe\":{\"stack\":\"x\"},\"health\":{},\"replicas\":2}}"}},"status":{"conditions":[{"type":"ReplicaFailure","status":"True","message":"quota","lastTransitionTime":"2026-11-26T12:00:00Z"}]}}]
        """;

    private const string Pods = """
        [{"metadata":{"name":"api-42-a","creationTimestamp":"2026-11-26T12:00:00Z","labels":{"app.kubernetes.io/managed-by":"fairlead","app.kubernetes.io/name":"api","fairlead.dev/since":"42"}},"status":{"phase":"Running","podIP":"10.1.2.3","conditions":[{"type":"Initialized","status":"True","lastTransitionTime":"2026-11-26T12:00:00Z"},{"type":"Ready","status":"False","lastTransitionTime":"2026-11-26T12:00:09Z","message":"no"}],"containerStatuses":[{"restartCount":2,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":137,"reason":"OOMKilled"}}}]}}]
        """;

    private static IEnumerable<OutsideReader> Clusters()
    {
        yield return OutsideReader
            .OfText(
                "pods of a cluster",
                text => ClusterReading.Of(new Site("shop", "p"), Objects(Deployments), Objects(text), Now),
                Pods
            )
            .Refuses<JsonException>()
            .Refuses<ProblemException>();
        yield return OutsideReader
            .OfText(
                "Deployments of a cluster",
                text => ClusterReading.Of(new Site("shop", "p"), Objects(text), Objects(Pods), Now),
                Deployments
            )
            .Refuses<JsonException>()
            .Refuses<ProblemException>();
        yield return OutsideReader.OfText(
            "a cluster's refusal",
            text =>
            {
                KubeProblems.Refused("c", HttpStatusCode.Forbidden, text);
                KubeProblems.FieldsOf(text);
            },
            """{"kind":"Status","message":"deployments.apps is forbidden: User \"x\" cannot create resource \"deployments\" in API group \"apps\" in the namespace \"y\"","code":403}""",
            """{"kind":"Status","message":"admission webhook \"policy.test\" denied the request: no","code":400}""",
            """{"kind":"Status","message":"conflict","details":{"causes":[{"reason":"FieldManagerConflict","message":"conflict with \"kubectl\"","field":".spec.replicas"}]},"code":409}"""
        );
    }

    private static List<JsonObject> Objects(string text) =>
        [.. (JsonTexts.Read(text) as JsonArray ?? []).OfType<JsonObject>()];
}
