using System.Globalization;
using Fairlead.Engine.Manifests;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.GitHub;

/// <summary>Reads the servers beside a job.</summary>
internal sealed class GitHubServices(TranslationNotes notes)
{
    public List<JobService> Read(Node? node)
    {
        List<JobService> services = [];
        foreach (var entry in Foreign.Entries(node))
        {
            foreach (
                var other in Foreign
                    .Entries(entry.Value)
                    .Where(static one => one.Key is not ("image" or "ports" or "env" or "options"))
            )
            {
                notes.LeftOut(
                    other.Value,
                    $"'{Shown.Line(other.Key)}' of the service '{Shown.Line(entry.Key)}'",
                    "It has no counterpart."
                );
            }
            notes.Mapped(entry.Value, $"The service '{Shown.Line(entry.Key)}'", "services");
            services.Add(
                new(
                    Foreign.Named(entry.Key),
                    Foreign.Text(Foreign.Find(entry.Value, "image"))!,
                    Ports(Foreign.Find(entry.Value, "ports"))
                )
                {
                    Env = Env(entry),
                    Ready = Ready(Foreign.Find(entry.Value, "options")),
                }
            );
        }
        return services;
    }

    private List<int> Ports(Node? node)
    {
        List<int> ports = [];
        foreach (var port in Foreign.Texts(node))
        {
            var inside = port.Split(':')[^1].Split('/')[0];
            if (
                int.TryParse(inside, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number is > 0 and < 65536
            )
            {
                ports.Add(number);
                if (port != $"{inside}:{inside}" && port != inside)
                {
                    notes.Approximated(node!, $"The port {Shown.Line(port)}", $"It is reached at {inside} here.");
                }
            }
        }
        return ports;
    }

    private Dictionary<string, string> Env(Node.Entry service)
    {
        var env = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var variable in Foreign.Entries(Foreign.Find(service.Value, "env")))
        {
            if (variable.Value is Node.Scalar text && Foreign.IsVariable(variable.Key) && !TextTemplate.IsIn(text.Text))
            {
                env[variable.Key] = text.Text;
            }
            else
            {
                notes.LeftOut(
                    variable.Value,
                    $"The variable {Shown.Line(variable.Key)} of the service '{Shown.Line(service.Key)}'",
                    "Its value is worked out; services take values as they stand."
                );
            }
        }
        return env;
    }

    /// <summary>What tells that a service is ready, of the options that a container is begun with.</summary>
    private IReadOnlyList<string> Ready(Node? options)
    {
        if (Foreign.Text(options) is not { } text)
        {
            return [];
        }
        var words = CommandWords.Split(text.Replace('\n', ' ')).Words ?? [];
        for (var at = 0; at < words.Count; at++)
        {
            var said =
                words[at].StartsWith("--health-cmd=", StringComparison.Ordinal) ? words[at]["--health-cmd=".Length..]
                : words[at] == "--health-cmd" && at + 1 < words.Count ? words[at + 1]
                : null;
            if (said is not null && !TextTemplate.IsIn(said) && CommandWords.Split(said).Words is { } ready)
            {
                if (
                    words.Any(static word =>
                        word.StartsWith("--", StringComparison.Ordinal)
                        && !word.StartsWith("--health", StringComparison.Ordinal)
                    )
                )
                {
                    notes.Approximated(
                        options!,
                        "'options' of a service",
                        "Only what tells that it is ready is taken."
                    );
                }
                return ready;
            }
        }
        notes.LeftOut(
            options!,
            "'options' of a service",
            "Nothing of it tells when it is ready: it counts as ready as soon as it runs."
        );
        return [];
    }
}
