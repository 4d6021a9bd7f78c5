using Fairlead.Model.Ports;

namespace Fairlead.Engine.Guarding.Compliance.Host;

/// <summary>A question about how the machine is set up.</summary>
/// <param name="Name">As catalogues write it; begins with <c>host-</c>.</param>
/// <param name="About">What holds when it holds.</param>
public sealed record HostCheck(string Name, string About, Func<HostLook, Measured> Measure);

/// <summary>A look at the machine at one moment.</summary>
/// <param name="OwnPorts">Where Fairlead itself is reached by others.</param>
public sealed record HostLook(IHostSights Sights, IReadOnlySet<int> OwnPorts, DateTimeOffset Now)
{
    public Measured Holds(string text) => new Measured.Holds(text, Now);

    public Measured Fails(string text, string fix) => new Measured.Fails(text, fix, Now);

    /// <summary>A number or word that the kernel says; null when it does not.</summary>
    public string? Kernel(string name) => Sights.ReadText($"/proc/sys/{name.Replace('.', '/')}")?.Trim();

    /// <summary>Holds while the kernel's setting is one of some.</summary>
    public Measured Kernel(string name, IReadOnlyList<string> good, string risk) =>
        Kernel(name) switch
        {
            null => new Measured.Unknown(
                $"The kernel does not say {name}.",
                $"Look where it can be seen: sysctl {name}"
            ),
            { } value when good.Contains(value) => Holds($"{name} is {value}."),
            { } value => Fails(
                $"{name} is {Cut(value)}: {risk}",
                $"Write to /etc/sysctl.d/60-fairlead.conf: {name} = {good[0]}; then: sysctl --system"
            ),
        };

    /// <summary>The worst of several: what fails, else what is unknown, else all that holds.</summary>
    public Measured All(params Measured[] parts) =>
        parts.FirstOrDefault(static one => one is Measured.Fails)
        ?? parts.FirstOrDefault(static one => one is Measured.Unknown)
        ?? Holds(string.Join(' ', parts.Select(static one => one.Text)));

    // Others may have written it.
    internal static string Cut(string text)
    {
        const int LettersMax = 120;
        var line = string.Concat(text.Select(static letter => char.IsControl(letter) ? ' ' : letter)).Trim();
        return line.Length <= LettersMax ? line : line[..LettersMax] + "...";
    }
}
