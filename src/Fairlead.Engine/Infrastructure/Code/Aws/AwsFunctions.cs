using System.IO.Compression;
using System.Text;
using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.Aws.AwsDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.Aws;

/// <summary>Functions on Lambda. Callers use the alias <c>live</c>, so that a new version takes over when it is told to.</summary>
internal static class AwsFunctions
{
    private const string Part = "functions";
    private const string Live = "live";
    private const int MemoryMost = 10_240;
    private const int SecondsMost = 900;

    // What a ZIP's entries are dated at the earliest, so that the same code is the same file.
    private static readonly DateTimeOffset Dated = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static void Add(AwsDraft draft, Function function)
    {
        AddFunction(draft, function);
        var name = draft.At("aws_lambda_function", function, "function_name");
        var alias = draft.Add(
            Part,
            "aws_lambda_alias",
            (function, Live),
            [
                Set("name", Live),
                Set("function_name", name),
                Set("function_version", draft.At("aws_lambda_function", function, "version")),
                Ignoring("function_version", "routing_config"),
            ],
            "Deploys lead it to other versions."
        );
        draft.Tell($"{draft.Label(function)}_function", $"Function {function.Name}", name);
        if (function.IsPublic)
        {
            AddUrl(draft, function, name, alias);
        }
    }

    private static void AddFunction(AwsDraft draft, Function function)
    {
        var workload = function.Workload;
        var env = AwsWorkloads
            .Env(draft, workload)
            .Concat(AwsWorkloads.Places(draft, workload, function.Name))
            .ToList();
        var code = FirstCode(draft, function);
        draft.Add(
            Part,
            "aws_lambda_function",
            function,
            [
                Set("function_name", draft.Called(function.Name, 64)),
                Set("role", AwsAccess.Arn(draft, workload.Identity)),
                Set("runtime", function.Runtime),
                Set("handler", function.Handler),
                Set("memory_size", (int)Math.Clamp(function.Size.MemoryMiB, 128, MemoryMost)),
                Set("timeout", (int)Math.Clamp(function.Timeout.TotalSeconds, 1, SecondsMost)),
                Set("s3_bucket", code.At("bucket")),
                Set("s3_key", code.At("key")),
                Set("publish", true),
                .. env.Count == 0 ? [] : (PieceLine[])[Group("environment", Set("variables", new Fields(env)))],
                // A JVM takes seconds to begin, and costs nothing to be kept begun.
                .. function.Runtime.StartsWith("java", StringComparison.Ordinal)
                    ? (PieceLine[])[Group("snap_start", Set("apply_on", "PublishedVersions"))]
                    : [],
                Group(
                    "logging_config",
                    Set("log_format", "JSON"),
                    Set("log_group", AwsAccess.Name(draft, workload.Log))
                ),
                .. workload.Subnets.Count == 0
                    ? []
                    : (PieceLine[])
                        [
                            Group(
                                "vpc_config",
                                Set("subnet_ids", AwsNetwork.Ids(draft, workload.Subnets)),
                                Set(
                                    "security_group_ids",
                                    workload.Firewall is { } firewall ? List(AwsNetwork.Id(draft, firewall)) : List()
                                )
                            ),
                        ],
                Ignoring("s3_bucket", "s3_key", "image_uri"),
            ],
            "Begins with code that only says that there is none yet; later code is brought by deploys."
        );
    }

    // One bucket for the first code of all functions.
    private static Piece FirstCode(AwsDraft draft, Function function)
    {
        var (file, text) = function.Runtime switch
        {
            var node when node.StartsWith("nodejs", StringComparison.Ordinal) => (
                $"{Module(function)}.js",
                $"exports.{Entry(function)} = async () => ({{ statusCode: 503, body: 'not deployed yet' }});\n"
            ),
            var python when python.StartsWith("python", StringComparison.Ordinal) => (
                $"{Module(function)}.py",
                $"def {Entry(function)}(event, context):\n    return {{'statusCode': 503, 'body': 'not deployed yet'}}\n"
            ),
            _ => ("README.txt", "Nothing was deployed yet.\n"),
        };
        return draft.Add(
            Part,
            "aws_s3_object",
            (function, "first_code"),
            [
                Set("bucket", Code(draft)),
                Set("key", $"{function.Name}/first.zip"),
                Set("content_base64", Convert.ToBase64String(Zip(file, text))),
                Set("content_type", "application/zip"),
            ],
            $"A ZIP with {file}, which says that nothing was deployed yet."
        );
    }

    private static Of Code(AwsDraft draft)
    {
        var first = draft.Graph.All<Function>().First();
        if (draft.Pieces.FirstOrDefault(static one => one is { Type: "aws_s3_bucket", Resource: null }) is { } there)
        {
            return there.At("id");
        }
        var bucket = draft.AddShared(
            new(
                "aws_s3_bucket",
                draft.Label(first, "code"),
                [Set("bucket_prefix", Join(draft.Called("code", 36), "-")), Set("force_destroy", true)]
            )
            {
                Part = Part,
                Why = "What functions begin with. Nothing else is in it.",
            }
        );
        draft.AddShared(
            new("aws_s3_bucket_public_access_block", draft.Label(first, "code_shut"), AwsBuckets.Shut(bucket))
            {
                Part = Part,
            }
        );
        return bucket.At("id");
    }

    private static string Module(Function function)
    {
        var dot = function.Handler.LastIndexOf('.');
        return dot > 0 ? function.Handler[..dot] : "index";
    }

    private static string Entry(Function function) => function.Handler[(function.Handler.LastIndexOf('.') + 1)..];

    private static byte[] Zip(string file, string text)
    {
        using var made = new MemoryStream();
        using (var zip = new ZipArchive(made, ZipArchiveMode.Create, leaveOpen: true))
        {
            var entry = zip.CreateEntry(file, CompressionLevel.NoCompression);
            entry.LastWriteTime = Dated;
            // As AWS runs it: for all to be read.
            entry.ExternalAttributes = Convert.ToInt32("100644", 8) << 16;
            using var stream = entry.Open();
            stream.Write(Encoding.UTF8.GetBytes(text));
        }
        return made.ToArray();
    }

    private static void AddUrl(AwsDraft draft, Function function, CodeValue name, Piece alias)
    {
        var url = draft.Add(
            Part,
            "aws_lambda_function_url",
            (function, "url"),
            [Set("function_name", name), Set("qualifier", alias.At("name")), Set("authorization_type", "NONE")],
            "Everybody may call it: the provider adds a permission that says so."
        );
        draft.Note(
            $"Since October 2025 AWS wants a second permission for {function.Name}'s address, which this provider cannot give: aws lambda add-permission --function-name {draft.Prefix}-{function.Name} --qualifier {Live} --statement-id everybody --action lambda:InvokeFunction --principal '*' --invoked-via-function-url"
        );
        draft.Tell($"{draft.Label(function)}_url", $"Address of {function.Name}", url.At("function_url"));
    }
}
