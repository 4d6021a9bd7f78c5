using System.Text;

namespace Fairlead.Tests.Fuzzing;

/// <summary>Reads bytes that anybody may have written.</summary>
/// <param name="Read">Must return, or throw a refusal.</param>
internal sealed record OutsideReader(string Name, IReadOnlyList<byte[]> Seeds, Action<byte[]> Read)
{
    /// <summary>What it may throw; nothing when it takes whatever comes.</summary>
    public IReadOnlyList<Type> Refusals { get; init; } = [];

    public bool IsRefusal(Exception caught) => Refusals.Any(type => type.IsInstanceOfType(caught));

    public static OutsideReader OfText(string name, Action<string> read, params IEnumerable<string> seeds) =>
        new(name, [.. seeds.Select(Encoding.UTF8.GetBytes)], bytes => read(Encoding.UTF8.GetString(bytes)));

    public OutsideReader Refuses<T>()
        where T : Exception => this with { Refusals = [.. Refusals, typeof(T)] };
}
