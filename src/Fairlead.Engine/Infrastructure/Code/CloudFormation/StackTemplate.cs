namespace Fairlead.Engine.Infrastructure.Code.CloudFormation;

/// <summary>A template of CloudFormation: what one stack consists of.</summary>
internal sealed record StackTemplate(string Description, IReadOnlyList<StackResource> Resources)
{
    public IReadOnlyList<StackParameter> Parameters { get; init; } = [];

    /// <summary>What is decided by parameters, by name.</summary>
    public IReadOnlyList<(string Name, CodeValue Value)> Conditions { get; init; } = [];

    public IReadOnlyList<StackOutput> Outputs { get; init; } = [];
}

/// <summary>What whoever applies a template says.</summary>
/// <param name="Type">Such as <c>String</c> or <c>AWS::EC2::Image::Id</c>.</param>
/// <param name="Default">Null for one that has to be said.</param>
internal sealed record StackParameter(string Name, string Type, string Description, string? Default);

/// <summary>What a stack tells once it is there.</summary>
internal sealed record StackOutput(string Name, string Description, CodeValue Value);

/// <summary>One resource of a template.</summary>
/// <param name="Id">Its logical id: letters and digits, unique in the template.</param>
internal sealed record StackResource(string Id, string Type, CodeValue.Fields Properties)
{
    /// <summary>Why it is there or is so, for whoever reads the template; null where that is plain.</summary>
    public string? Why { get; init; }

    /// <summary>What must be there before it, where nothing in its properties says so.</summary>
    public IReadOnlyList<string> After { get; init; } = [];

    public Kept Kept { get; init; }

    /// <summary>Rules of cfn-lint that are wrong about it.</summary>
    public IReadOnlyList<string> Unjudged { get; init; } = [];

    /// <summary>Of an autoscaling group: how its machines are replaced.</summary>
    public CodeValue? UpdatePolicy { get; init; }
}

/// <summary>What becomes of a resource's data when the stack has no more use for it.</summary>
internal enum Kept
{
    /// <summary>There is none.</summary>
    No,

    /// <summary>It is gone, which is said, so that nobody has to ask.</summary>
    Gone,

    /// <summary>The resource stays, and belongs to nobody.</summary>
    Whole,

    /// <summary>A copy of it stays.</summary>
    Copy,
}
