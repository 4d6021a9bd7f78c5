using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.CloudFormation.StackDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.CloudFormation;

/// <summary>Functions on Lambda. Callers use the alias <c>live</c>, so that a new version takes over when it is told to.</summary>
internal static class StackFunctions
{
    private const string Live = "live";
    private const int MemoryMost = 10_240;
    private const int SecondsMost = 900;

    public static void Add(StackDraft draft, Function function)
    {
        var id = draft.Id(function, "Function");
        AddFunction(draft, function, id);
        draft.Add(
            new(
                draft.Id(function, "FirstVersion"),
                "AWS::Lambda::Version",
                new([("FunctionName", Ref(id)), ("Description", "What the stack began with")])
            )
            {
                Kept = Kept.Whole,
                Why = "Later versions are published, and the alias is led to them, by whoever deploys.",
            }
        );
        draft.Add(
            draft.Id(function, "Live"),
            "AWS::Lambda::Alias",
            ("Name", Live),
            ("FunctionName", Ref(id)),
            ("FunctionVersion", At(draft.Id(function, "FirstVersion"), "Version"))
        );
        draft.Tell(draft.Id(function, "FunctionName"), $"Function {function.Name}", Ref(id));
        if (function.IsPublic)
        {
            AddUrl(draft, function, id);
        }
    }

    private static void AddFunction(StackDraft draft, Function function, string id)
    {
        var workload = function.Workload;
        var env = StackWorkloads
            .Env(draft, workload)
            .Concat(StackWorkloads.Places(draft, workload, function.Name))
            .ToList();
        draft.Add(
            new(
                id,
                "AWS::Lambda::Function",
                new([
                    ("Runtime", function.Runtime),
                    ("Handler", function.Handler),
                    ("Role", draft.At(workload.Identity, "Arn")),
                    ("MemorySize", (int)Math.Clamp(function.Size.MemoryMiB, 128, MemoryMost)),
                    ("Timeout", (int)Math.Clamp(function.Timeout.TotalSeconds, 1, SecondsMost)),
                    ("Code", Code(draft, function)),
                    .. Some("Environment", env.Count == 0 ? null : Map(("Variables", new Fields(env)))),
                    // A JVM takes seconds to begin, and costs nothing to be kept begun.
                    .. Some(
                        "SnapStart",
                        function.Runtime.StartsWith("java", StringComparison.Ordinal)
                            ? Map(("ApplyOn", "PublishedVersions"))
                            : null
                    ),
                    ("LoggingConfig", Map(("LogFormat", "JSON"), ("LogGroup", draft.Ref(workload.Log)))),
                    .. Some(
                        "VpcConfig",
                        workload.Subnets.Count == 0
                            ? null
                            : Map(
                                ("SubnetIds", List([.. workload.Subnets.Select(one => draft.Ref(one, "Subnet"))])),
                                (
                                    "SecurityGroupIds",
                                    workload.Firewall is { } firewall ? List(draft.At(firewall, "GroupId")) : List()
                                )
                            )
                    ),
                ])
            )
            {
                Why = "Begins with code that only says that there is none yet.",
            }
        );
    }

    // CloudFormation takes code in the template for two kinds of runtimes; others need a file in a bucket.
    private static CodeValue Code(StackDraft draft, Function function)
    {
        if (function.Runtime.StartsWith("nodejs", StringComparison.Ordinal))
        {
            return Map(("ZipFile", "exports.handler = async () => ({ statusCode: 503, body: 'not deployed yet' });\n"));
        }
        if (function.Runtime.StartsWith("python", StringComparison.Ordinal))
        {
            return Map(
                (
                    "ZipFile",
                    "def handler(event, context):\n    return {'statusCode': 503, 'body': 'not deployed yet'}\n"
                )
            );
        }
        var (bucket, key) = (draft.Id(function, "CodeBucket"), draft.Id(function, "CodeKey"));
        draft.Note(
            $"{function.Name} is written for {function.Runtime}, for which CloudFormation takes no code in a template: say where a first ZIP is in {bucket} and {key}."
        );
        return Map(
            ("S3Bucket", draft.Parameter(bucket, "String", $"Bucket with the first code of {function.Name}", null)),
            (
                "S3Key",
                draft.Parameter(key, "String", $"ZIP in that bucket with the first code of {function.Name}", null)
            )
        );
    }

    private static void AddUrl(StackDraft draft, Function function, string id)
    {
        var alias = Ref(draft.Id(function, "Live"));
        draft.Add(draft.Id(function, "Url"), "AWS::Lambda::Url", ("TargetFunctionArn", alias), ("AuthType", "NONE"));
        draft.Add(
            draft.Id(function, "UrlPermission"),
            "AWS::Lambda::Permission",
            ("Action", "lambda:InvokeFunctionUrl"),
            ("FunctionName", alias),
            ("FunctionUrlAuthType", "NONE"),
            ("Principal", "*")
        );
        // Since October 2025 an address needs both.
        draft.Add(
            draft.Id(function, "CallPermission"),
            "AWS::Lambda::Permission",
            ("Action", "lambda:InvokeFunction"),
            ("FunctionName", alias),
            ("InvokedViaFunctionUrl", true),
            ("Principal", "*")
        );
        draft.Tell(
            draft.Id(function, "FunctionUrl"),
            $"Address of {function.Name}",
            At(draft.Id(function, "Url"), "FunctionUrl")
        );
    }
}
