using Fairlead.Model.Apps;
using Fairlead.Model.Resources;

namespace Fairlead.Model.Ports;

/// <summary>
/// A tool that makes in a cloud what code says. It knows what it made: by a state that it keeps under seal, or because the cloud knows.
/// One site is worked on by one call at a time; a call that comes meanwhile is refused.
/// </summary>
public interface IProvisioner
{
    /// <summary>The tool, such as <c>terraform</c>.</summary>
    string Name { get; }

    /// <summary>Whether its plans say what will be there, in Terraform's words: policies and prices read no others.</summary>
    bool SpeaksTerraform { get; }

    /// <summary>Whether what it knows of what it made is kept on this machine: a server elsewhere would make all of it a second time.</summary>
    bool KeepsState { get; }

    /// <summary>Looks at what is there and says what would be done; changes nothing, but for what the tool itself keeps.</summary>
    /// <exception cref="Problems.ProblemException">The code is wrong, the cloud refuses, or the tool is missing; all that the tool says.</exception>
    Task<ProvisionPlan> PlanAsync(ProvisionWork work, ProvisionAim aim, CancellationToken stop);

    /// <summary>Does what a plan says. Stopping it in the midst leaves the rest undone, and what was done is known.</summary>
    /// <param name="plan">Id of the plan that was made last.</param>
    /// <exception cref="Problems.ProblemException">There is no such plan any more, or something could not be done: what was done stays, and is known.</exception>
    Task ApplyAsync(ProvisionWork work, string plan, CancellationToken stop);

    /// <summary>What is there, by what the tool knows; empty when it made nothing.</summary>
    Task<IReadOnlyList<Provisioned>> ListAsync(ProvisionWork work, CancellationToken stop);

    /// <summary>Lets the tool look after something that is there already.</summary>
    /// <param name="address">What it is in the code.</param>
    /// <param name="id">What the cloud calls it.</param>
    /// <exception cref="Problems.ProblemException">The tool cannot, or there is no such thing.</exception>
    Task ImportAsync(ProvisionWork work, string address, string id, CancellationToken stop);
}

/// <summary>What a tool works on.</summary>
/// <param name="Files">Its code, by path within a folder.</param>
public sealed record ProvisionWork(Site Site, CloudPlace Place, IReadOnlyDictionary<string, string> Files)
{
    /// <summary>Variables it is started with: addresses and keys of the cloud.</summary>
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    /// <summary>Takes what goes on, line by line, for people.</summary>
    public Action<string> Say { get; init; } = static _ => { };
}

/// <summary>What a plan is for.</summary>
public enum ProvisionAim
{
    /// <summary>What the code says.</summary>
    Apply,

    /// <summary>Nothing is left.</summary>
    Destroy,

    /// <summary>Only what was changed behind its back is told.</summary>
    Drift,
}
