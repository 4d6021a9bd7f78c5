using Fairlead.Engine.Manifests.Forms;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Pipelines.Files;

/// <summary>Reads a pipeline's file, and checks that it can be run.</summary>
public static class PipelineReader
{
    /// <summary>A graph of a thousand jobs with all their words has fewer.</summary>
    private const int NodesMax = 200_000;

    /// <param name="file">How it is called, for messages.</param>
    /// <exception cref="ProblemException">It has findings: all of them, in the order of the file.</exception>
    public static Pipeline Read(string text, string file = PipelineFile.Name)
    {
        var findings = new Findings(file);
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new ProblemException(Empty(file));
        }
        var root = YamlReader.Read(text, findings, NodesMax);
        var written = root is null ? null : AllForms.Pipeline.Read(root, findings) as PipelineFile;
        if (root is null || written?.Jobs is null)
        {
            findings.ThrowIfAny();
            throw new InvalidOperationException("A pipeline that cannot be read has findings.");
        }
        findings.ThrowIfAny();
        var pipeline = Of(written, root, findings);
        Needs.Check(pipeline.Jobs, root.At("jobs"), findings);
        ExpressionChecks.Check(pipeline, root, findings);
        findings.ThrowIfAny();
        return pipeline;
    }

    private static Pipeline Of(PipelineFile written, Node root, Findings findings)
    {
        if (written.Jobs.Count == 0)
        {
            findings.Add(
                root.At("jobs"),
                "no-jobs",
                ("The pipeline has no jobs.", "There would be nothing to run.", "Write: jobs: { build: { run: make } }")
            );
        }
        return new()
        {
            Name = written.Pipeline ?? "ci",
            On = On(written.On),
            Env = written.Env ?? new Dictionary<string, string>(),
            Concurrency = written.Concurrency is { } runs ? new(runs.Group, runs.CancelOlder ?? false) : null,
            Quarantine =
            [
                .. (written.Quarantine ?? [])
                    .Select((one, at) => QuarantineEntry.Read(one, root.At("quarantine", at), findings))
                    .OfType<Quarantined>(),
            ],
            Jobs = [.. written.Jobs.Select(one => JobOf(one.Key, one.Value, root.At("jobs", one.Key), findings))],
        };
    }

    private static Triggers On(TriggersEntry? written) =>
        written is null
            ? new Triggers { Push = ["**"], Change = ["**"] }
            : new Triggers
            {
                Push = written.Push ?? [],
                Change = written.Change ?? [],
                Tag = written.Tag ?? [],
                Schedule = written.Schedule ?? [],
                Manual = written.Manual ?? false,
            };

    private static Job JobOf(string name, JobEntry written, Node node, Findings findings)
    {
        var tasks = ShardReader.WithFiles(TaskReader.Of(name, written, node, findings), written.Shards);
        var usual = new Job { Name = name, Tasks = tasks };
        return usual with
        {
            Title = written.Title,
            Needs = written.Needs ?? [],
            If = written.If,
            Matrix = written.Matrix is { } matrix ? MatrixOf(matrix, node, findings) : null,
            Shards = written.Shards is { } shards ? ShardReader.Of(shards, (written, tasks), node, findings) : null,
            Env = written.Env ?? usual.Env,
            Secrets = written.Secrets ?? [],
            Tools = written.Tools ?? usual.Tools,
            Machine = written.Machine ?? usual.Machine,
            Image = written.Image,
            Services =
            [
                .. (written.Services ?? new Dictionary<string, JobServiceEntry>()).Select(static one =>
                    ServiceOf(one.Key, one.Value)
                ),
            ],
            Caches = [.. (written.Caches ?? []).Select(static one => new KeptFolder(one.Paths, one.Key ?? []))],
            Environment = written.Environment,
            Manual = written.Manual ?? false,
            MayFail = written.MayFail ?? false,
            Timeout = written.Timeout ?? usual.Timeout,
            Cores = written.Cores ?? usual.Cores,
            IsApart = written.Apart ?? false,
        };
    }

    private static JobService ServiceOf(string name, JobServiceEntry written)
    {
        var usual = new JobService(name, written.Image, written.Ports ?? []);
        return usual with { Env = written.Env ?? usual.Env, Ready = written.Ready?.Words ?? [] };
    }

    private static Matrix MatrixOf(MatrixEntry written, Node job, Findings findings)
    {
        var axes = written.Axes ?? new Dictionary<string, IReadOnlyList<string>>();
        var node = job.At("matrix");
        if (axes.Count == 0 && written.Include is not { Count: > 0 })
        {
            findings.Add(
                node,
                "no-axes",
                (
                    $"{node.Path} says no values.",
                    "The job would never run.",
                    "Write: matrix: { axes: { node: [20, 22] } }"
                )
            );
        }
        var combinations = axes.Aggregate(
            1L,
            static (product, axis) => Math.Min(product * axis.Value.Count, long.MaxValue / 2_000)
        );
        if (combinations > Matrices.CombinationsMax)
        {
            findings.Add(
                node,
                "too-many-combinations",
                (
                    $"{node.Path} has {combinations} combinations.",
                    $"At most {Matrices.CombinationsMax} are run.",
                    "Leave out values that tell nothing new."
                )
            );
        }
        return new(
            [.. axes.Select(static one => new Axis(one.Key, one.Value))],
            written.Include ?? [],
            written.Exclude ?? []
        )
        {
            FailsFast = written.FailFast ?? true,
            Parallel = written.Parallel,
        };
    }

    private static Problem Empty(string file) =>
        new(
            "manifest.empty",
            What: $"{file} is empty.",
            Why: "It must at least name one job.",
            Fix: "Write: jobs: { build: { run: make } }"
        )
        {
            Where = file,
            Trouble = Trouble.WrongUse,
        };
}
