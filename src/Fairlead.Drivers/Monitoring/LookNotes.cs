using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Monitoring;

/// <summary>What a look learns on its way, kept also when it fails in the end.</summary>
internal sealed class LookNotes(World world, MonitorSpec spec)
{
    private readonly List<LookNumber> numbers = [];
    private readonly Dictionary<string, TimeSpan> phases = new(StringComparer.Ordinal);
    private long began = world.Clock.GetTimestamp();

    /// <summary>How far it may go.</summary>
    public AddressKind Most { get; } = spec.MayLookInside ? AddressKind.Inside : AddressKind.Public;

    /// <summary>It leads where it may not go, so nothing is known.</summary>
    public bool IsForbidden { get; set; }

    /// <summary>The latest number of this name.</summary>
    public void Note(string name, double value, string phase = "")
    {
        numbers.RemoveAll(one => one.Name == name && one.Phase == phase);
        numbers.Add(new(name, value, phase));
    }

    /// <summary>A phase is over; the next one begins. Phases that come again, as after a redirect, are added up.</summary>
    public void Over(string phase)
    {
        var now = world.Clock.GetTimestamp();
        phases[phase] = phases.GetValueOrDefault(phase) + world.Clock.GetElapsedTime(began, now);
        began = now;
    }

    /// <summary>The phases' times become numbers of this name.</summary>
    public void Phases(string name)
    {
        foreach (var (phase, time) in phases)
        {
            Note(name, time.TotalSeconds, phase);
        }
    }

    public MonitorLook Up(string seen) => MonitorLook.Up(seen, numbers);

    public MonitorLook Down(string why) => IsForbidden ? MonitorLook.Unable(why) : MonitorLook.Down(why, numbers);
}
