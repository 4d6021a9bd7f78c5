using System.Globalization;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Engine.Pipelines.Sharding;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.CircleCi;

/// <summary>Reads one job with the values that a workflow gives it. One that only CircleCI can do is kept whole, as its only task.</summary>
internal sealed class CircleJobImport(CircleWhole whole, TranslationNotes notes)
{
    private static readonly string[] OfEntry =
    [
        "name",
        "requires",
        "filters",
        "context",
        "matrix",
        "type",
        "pre-steps",
        "post-steps",
        "serial-group",
        "override-with",
    ];

    /// <param name="isBarred">When it runs cannot be said here.</param>
    public Job Read(CircleEntry entry, bool isBarred)
    {
        if (whole.Job(entry.Job) is not { } node)
        {
            return Kept(
                entry,
                entry.Node,
                $"'{Shown.Line(entry.Job)}' is a job of an orb, or there is none of this name."
            );
        }
        if (isBarred)
        {
            return Kept(entry, Foreign.Find(entry.Says, "filters")!, "its filters ask for what only CircleCI knows.");
        }
        var matrix = Matrix(entry);
        var scope = whole.Outside.With(Values(entry, node, matrix));
        var place = new CirclePlaces(whole, scope, notes).Of(node, matrix);
        if (place.Barrier is { } barrier)
        {
            return Kept(entry, barrier.At, barrier.What);
        }
        if (node.Find("parallelism") is { } asked && PartsBarrier(asked, scope, matrix) is { } why)
        {
            return Kept(entry, asked, why);
        }
        var parts = node.Find("parallelism") is { } many ? Parts(many, scope) : null;
        var env = Env(node, place, scope, parts);
        var steps = new CircleStepsImport(whole, notes)
        {
            Env = env,
            Folder = Foreign.Text(node.Find("working_directory")),
        };
        foreach (
            var (key, of) in new[] { ("pre-steps", (Node?)entry.Says), ("steps", node), ("post-steps", entry.Says) }
        )
        {
            steps.Read(Foreign.Find(of, key), scope, condition: null);
        }
        SayOthers(entry, node);
        return new()
        {
            Name = entry.Here,
            Title = Foreign.Text(node.Find("description")) is { } title ? scope.Neutral(title) : null,
            Matrix = place.Matrix,
            Shards = PartVariables.Shards(parts),
            Env = env,
            Machine = place.Machine,
            Image = place.Image,
            Services = place.Services,
            Cores = place.Cores,
            Caches = steps.Caches,
            Environment = Context(entry),
            IsApart = true,
            Tasks =
                steps.Tasks.Count > 0 ? steps.Tasks : [new() { Name = entry.Here, Act = new Act.Script("sh", "true") }],
        };
    }

    private Dictionary<string, string> Env(Node.Mapping node, CirclePlace place, CircleScope scope, int? parts)
    {
        var env = new Dictionary<string, string>(place.Env, StringComparer.Ordinal);
        foreach (var (name, text) in CirclePlaces.Environment(node.Find("environment"), scope, notes))
        {
            env[name] = text;
        }
        PartVariables.CircleCi.Tell(
            env,
            parts is { } count ? PartVariables.CircleCi.Env(count).ToDictionary(StringComparer.Ordinal) : null
        );
        return env;
    }

    private Job Kept(CircleEntry entry, Node at, string why)
    {
        notes.LeftOut(
            at,
            $"The job '{Shown.Line(entry.Name)}' is kept for CircleCI alone: {why}",
            "It is done nowhere else. Write what it does as a job of your own, and remove 'foreign'."
        );
        return new()
        {
            Name = entry.Here,
            IsApart = true,
            Tasks = [new() { Name = entry.Here, Act = new Act.Foreign("circleci", CircleForeign.Kept(entry, whole)) }],
        };
    }

    private Matrix? Matrix(CircleEntry entry)
    {
        if (Foreign.Find(entry.Says, "matrix") is not { } node)
        {
            return null;
        }
        List<Axis> axes =
        [
            .. Foreign
                .Entries(Foreign.Find(node, "parameters"))
                .Select(one => new Axis(
                    one.Key,
                    [.. Foreign.Texts(one.Value).Select(text => whole.Outside.Neutral(text)).OfType<string>()]
                ))
                .Where(static one => one.Values.Count > 0 && Foreign.IsWord(one.Name)),
        ];
        if (axes.Count == 0)
        {
            return null;
        }
        notes.Mapped(node, "'matrix'", "matrix");
        var names = axes.Select(static one => one.Name).ToHashSet(StringComparer.Ordinal);
        return new(
            axes,
            [],
            [
                .. Foreign
                    .Items(Foreign.Find(node, "exclude"))
                    .Select(one =>
                        (IReadOnlyDictionary<string, string>)
                            Foreign
                                .Entries(one)
                                .Where(of => names.Contains(of.Key) && Foreign.Text(of.Value) is not null)
                                .ToDictionary(
                                    static of => of.Key,
                                    static of => Foreign.Text(of.Value)!,
                                    StringComparer.Ordinal
                                )
                    )
                    .Where(static one => one.Count > 0),
            ]
        )
        {
            FailsFast = false,
        };
    }

    private Dictionary<string, CircleValue> Values(CircleEntry entry, Node.Mapping node, Matrix? matrix)
    {
        var values = CircleImport.Defaults(node.Find("parameters"));
        foreach (
            var one in Foreign
                .Entries(entry.Says)
                .Where(static one => !OfEntry.Contains(one.Key, StringComparer.Ordinal))
        )
        {
            values[one.Key] = whole.Outside.Of(one.Value);
        }
        foreach (var axis in matrix?.Axes ?? [])
        {
            values[axis.Name] = new(null, $"${{{{ matrix.{axis.Name} }}}}", $"matrix.{axis.Name}");
        }
        return values;
    }

    /// <summary>A context holds variables, and who may use them: an environment does that here.</summary>
    private string? Context(CircleEntry entry)
    {
        if (Foreign.Find(entry.Says, "context") is not { } node || Foreign.Texts(node) is not [var first, ..] all)
        {
            return null;
        }
        notes.Approximated(
            node,
            $"The context '{Shown.Line(string.Join(", ", all))}'",
            "What it holds is not in this file: name its variables under 'secrets'."
        );
        return Foreign.IsWord(first) ? first : null;
    }

    private static int? Asked(Node node, CircleScope scope) =>
        PartVariables.Asked(Foreign.Text(node) is { } text ? scope.Neutral(text) : null);

    private static string? PartsBarrier(Node node, CircleScope scope, Matrix? matrix) =>
        Asked(node, scope) is not { } many ? PartVariables.Barrier("parallelism", Foreign.Text(node))
        : many > 1 && matrix?.Axes.Any(static one => ShardNames.IsTaken(one.Name)) == true
            ? "a parameter of its matrix is called as the number of a shard is here."
        : null;

    /// <summary>How often it is done at once, each time told its number.</summary>
    private int? Parts(Node node, CircleScope scope)
    {
        notes.Mapped(node, "'parallelism'", "shards");
        return Asked(node, scope);
    }

    private void SayOthers(CircleEntry entry, Node.Mapping node)
    {
        if (Foreign.Find(entry.Says, "serial-group") is { } group)
        {
            notes.Approximated(
                group,
                "'serial-group'",
                "Runs of one 'concurrency' do not go at the same time; jobs have no such word."
            );
        }
        if (Foreign.Find(entry.Says, "override-with") is { } over)
        {
            notes.LeftOut(over, "'override-with'", "Nothing is put in its place here.");
        }
        foreach (var one in node.Entries)
        {
            if (one.Key is "circleci_ip_ranges" or "retention" or "max_auto_reruns" or "type" or "plan_name")
            {
                notes.LeftOut(one.Value, $"'{one.Key}'", "There is no counterpart.");
            }
        }
    }
}

/// <summary>Where a job runs.</summary>
internal sealed record CirclePlace
{
    public string Machine { get; init; } = "linux";

    public string? Image { get; init; }

    public IReadOnlyList<JobService> Services { get; init; } = [];

    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    public int Cores { get; init; } = 1;

    /// <summary>With the names of machines instead of those of executors.</summary>
    public Matrix? Matrix { get; init; }

    /// <summary>Why only CircleCI can do it.</summary>
    public (Node At, string What)? Barrier { get; init; }
}

/// <summary>Reads machines, images and executors.</summary>
internal sealed class CirclePlaces(CircleWhole whole, CircleScope scope, TranslationNotes notes)
{
    public CirclePlace Of(Node.Mapping job, Matrix? matrix)
    {
        if (job.Find("executor") is not { } said)
        {
            return Inline(job, scope) with { Matrix = matrix };
        }
        var name = Foreign.Text(said) ?? Foreign.Text(Foreign.Find(said, "name")) ?? "";
        if (scope.Whole(name) is { Expression: ['m', 'a', 't', 'r', 'i', 'x', '.', .. var axis] } && matrix is not null)
        {
            return OfMatrix(said, axis, matrix);
        }
        var known = scope.Neutral(name);
        return (known is null ? null : Named(known, said)) is { } place
            ? place with
            {
                Matrix = matrix,
            }
            : new()
            {
                Barrier = (said, $"its executor '{Shown.Line(name)}' is one of an orb, or there is none of this name."),
            };
    }

    /// <summary>Variables, as a group or as a list of groups.</summary>
    public static Dictionary<string, string> Environment(Node? node, CircleScope scope, TranslationNotes notes)
    {
        var env = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (
            var entry in node is Node.Sequence list ? list.Items.SelectMany(Foreign.Entries) : Foreign.Entries(node)
        )
        {
            if (
                Foreign.IsVariable(entry.Key)
                && entry.Value is Node.Scalar text
                && scope.Neutral(text.Text) is { } value
            )
            {
                env[entry.Key] = value;
            }
            else
            {
                notes.LeftOut(entry.Value, $"The variable '{Shown.Line(entry.Key)}'", "Only CircleCI knows its value.");
            }
        }
        return env;
    }

    private CirclePlace? Named(string name, Node said) =>
        whole.Executor(name) is { } executor ? Inline(executor, scope.With(Parameters(executor, said))) : null;

    private Dictionary<string, CircleValue> Parameters(Node.Mapping executor, Node said)
    {
        var values = CircleImport.Defaults(executor.Find("parameters"));
        foreach (var one in Foreign.Entries(said).Where(static one => one.Key != "name"))
        {
            values[one.Key] = scope.Of(one.Value);
        }
        return values;
    }

    /// <summary>Executors by a variable of the matrix: their machines by the same.</summary>
    private CirclePlace OfMatrix(Node said, string axis, Matrix matrix)
    {
        List<string> machines = [];
        foreach (var value in matrix.Axes.FirstOrDefault(one => one.Name == axis)?.Values ?? [])
        {
            if (Named(value, said) is not { Image: null, Services: [], Barrier: null } place)
            {
                return new() { Barrier = (said, $"its executor '{Shown.Line(value)}' is no machine alone.") };
            }
            machines.Add(place.Machine);
        }
        string Put(string name, string value) =>
            name == axis && Named(value, said) is { } place ? place.Machine : value;
        return new()
        {
            Machine = $"${{{{ matrix.{axis} }}}}",
            Matrix = matrix with
            {
                Axes = [.. matrix.Axes.Select(one => one.Name == axis ? new Axis(axis, machines) : one)],
                Exclude =
                [
                    .. matrix.Exclude.Select(one =>
                        (IReadOnlyDictionary<string, string>)
                            one.ToDictionary(static of => of.Key, of => Put(of.Key, of.Value), StringComparer.Ordinal)
                    ),
                ],
            },
        };
    }

    private CirclePlace Inline(Node.Mapping node, CircleScope inside)
    {
        var env = Environment(node.Find("environment"), inside, notes);
        if (node.Find("docker") is Node.Sequence { Items.Count: > 0 } docker)
        {
            var first = docker.Items[0];
            var others = docker.Items.Skip(1).ToList();
            var image = ImageOf(first, inside);
            List<JobService> services = [.. others.Select(one => Service(one, inside)).OfType<JobService>()];
            if (image is null || services.Count < others.Count)
            {
                return new() { Barrier = (docker, "an image is worked out, or is no name of one.") };
            }
            foreach (var (name, value) in Environment(Foreign.Find(first, "environment"), inside, notes))
            {
                env[name] = value;
            }
            foreach (
                var one in Foreign
                    .Entries(first)
                    .Where(static one => one.Key is not ("image" or "environment" or "name"))
            )
            {
                notes.LeftOut(
                    one.Value,
                    $"'{Shown.Line(one.Key)}' of the image",
                    "An image has a name here, and nothing more."
                );
            }
            notes.Mapped(docker, "'docker'", services.Count > 0 ? "image and services" : "image");
            return new()
            {
                Image = image,
                Services = services,
                Env = env,
                Cores = Cores(node, inside),
            };
        }
        if (node.Find("macos") is not null)
        {
            return new() { Machine = "macos", Env = env };
        }
        var label = Foreign.Text(node.Find("resource_class")) is { } text ? inside.Neutral(text) : null;
        var system =
            Foreign.Text(Foreign.Find(node.Find("machine"), "image")) ?? Foreign.Text(node.Find("machine")) ?? "";
        return new()
        {
            Machine =
                system.StartsWith("windows", StringComparison.Ordinal)
                || (label?.StartsWith("windows.", StringComparison.Ordinal) ?? false)
                    ? "windows"
                // Runners of one's own are called by namespace and name.
                : label is not null
                && label.Contains('/', StringComparison.Ordinal)
                && !label.Contains("${{", StringComparison.Ordinal)
                    ? label
                : "linux",
            Env = env,
            Cores = Cores(node, inside),
        };
    }

    private static int Cores(Node.Mapping node, CircleScope inside) =>
        (Foreign.Text(node.Find("resource_class")) is { } text ? inside.Neutral(text) : null) switch
        {
            "large" => 4,
            "xlarge" => 8,
            "2xlarge" => 16,
            "2xlarge+" => 20,
            _ => 1,
        };

    private static string? ImageOf(Node node, CircleScope inside) =>
        Foreign.Text(Foreign.Find(node, "image")) is { } text
        && inside.Neutral(text) is { } image
        && Foreign.IsImage(image)
            ? image
            : null;

    private JobService? Service(Node node, CircleScope inside)
    {
        if (ImageOf(node, inside) is not { } image)
        {
            return null;
        }
        var usual = image.Split('/')[^1].Split(':', '@')[0];
        var port = ServerPorts.Of(usual);
        var name = Foreign.Named(Foreign.Text(Foreign.Find(node, "name")) ?? usual);
        notes.Approximated(
            node,
            $"The service '{name}'",
            port is null
                ? "It is reached at localhost there: say its ports here."
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"It is reached at localhost:{port} there. See where it is here: the guide of pipelines."
                )
        );
        return new(name, image, port is { } number ? [number] : [])
        {
            Env = ServiceEnvironment(Foreign.Find(node, "environment"), name, inside),
        };
    }

    // What a service is started with is taken as it stands here: a value with '${{' in it could not be said.
    private Dictionary<string, string> ServiceEnvironment(Node? node, string service, CircleScope inside)
    {
        var env = Environment(node, inside, notes);
        foreach (
            var key in env.Where(static one => TextTemplate.IsIn(one.Value)).Select(static one => one.Key).ToList()
        )
        {
            env.Remove(key);
            notes.LeftOut(
                node!,
                $"'{Shown.Line(key)}' of the service '{service}'",
                "Its value has '${{' in it, and what a service is started with is taken as it stands."
            );
        }
        return env;
    }
}
