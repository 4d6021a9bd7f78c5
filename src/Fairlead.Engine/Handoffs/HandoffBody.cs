using Fairlead.Engine.Deploying;
using Fairlead.Model.Agents;

namespace Fairlead.Engine.Handoffs;

/// <summary>
/// What a kind of hand-off says, and what holds because of it. One that changes nothing that is enforced is a comment, and is refused.
/// </summary>
public abstract record HandoffBody
{
    /// <summary>What holds while it is accepted, a line each; empty for nothing.</summary>
    public abstract IEnumerable<string> Effects();

    /// <summary>What is wrong with it by itself, in words; null when nothing is.</summary>
    public virtual string? Fault() => null;

    /// <summary>What becomes of a release that is to be deployed while it holds.</summary>
    public virtual void Compile(HandoffCompile compile) { }
}

/// <summary>A release that is to be deployed, as hand-offs change it or stand in its way.</summary>
/// <param name="results">Accepted results of gates of this site, by the gate, the newest.</param>
public sealed class HandoffCompile(
    Candidate candidate,
    DateTimeOffset now,
    IReadOnlyDictionary<string, (bool Passed, DateTimeOffset At)> results
)
{
    private readonly List<(Handoff By, string Why, string Fix)> blocks = [];
    private Handoff? by;

    /// <summary>As it is by now.</summary>
    public Candidate Candidate { get; set; } = candidate;

    public DateTimeOffset Now => now;

    public IReadOnlyDictionary<string, (bool Passed, DateTimeOffset At)> Results => results;

    /// <summary>What stands in its way.</summary>
    public IReadOnlyList<(Handoff By, string Why, string Fix)> Blocks => blocks;

    internal void Apply(Handoff handoff, HandoffBody body)
    {
        by = handoff;
        body.Compile(this);
    }

    /// <summary>Says that the release may not be deployed.</summary>
    public void Block(string why, string fix) => blocks.Add((by!, why, fix)); // Set before a body is asked.

    /// <summary>A service of the release; null, and a block, when it has none such.</summary>
    public CandidateService? Find(string name)
    {
        var found = Candidate.Services.FirstOrDefault(one => one.Service.Name == name);
        if (found is null)
        {
            Block(
                $"the app has no service '{PlainText.Of(name, 40)}'",
                "Add the service, or hand over a document that names another."
            );
        }
        return found;
    }

    /// <summary>Changes a service of the release.</summary>
    public void Change(CandidateService before, Func<CandidateService, CandidateService> change) =>
        Candidate = Candidate with
        {
            Services =
            [
                .. Candidate.Services.Select(one => one.Service.Name == before.Service.Name ? change(one) : one),
            ],
        };
}
