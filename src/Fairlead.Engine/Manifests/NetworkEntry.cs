using System.ComponentModel;
using Fairlead.Engine.Manifests.Forms;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests;

/// <summary>Whom a service may talk to, as the manifest says it.</summary>
[Description("Whom it may talk to beyond what it uses. Network policies allow this and nothing else.")]
public sealed record NetworkEntry
{
    [Description("Services of this app that it calls, but that need not be up first; circles are allowed.")]
    [Shaped(Shape.Name), Elsewhere("services", "egress", "to")]
    public IReadOnlyList<string>? Calls { get; init; }

    [Description("Hosts and networks outside, such as api.stripe.com, 10.0.0.0/8:5432 or ntp.example.com:123/udp.")]
    [Elsewhere("outside", "external", "domains")]
    public IReadOnlyList<OutsideHost>? Hosts { get; init; }
}

/// <summary>A kind of personal data, as the manifest declares it.</summary>
[Description("One kind of personal data that the service works with.")]
public sealed record DataEntry
{
    [Description("What kind of data, such as contact details.")]
    [Elsewhere("kind", "type", "name")]
    public required string Category { get; init; }

    [Description("What it is used for.")]
    [Elsewhere("use", "reason")]
    public required string Purpose { get; init; }

    [Description("Whose data it is, such as customers.")]
    [Elsewhere("persons", "people", "whose")]
    public string? Subjects { get; init; }

    [Description("How long it is kept, in words, such as 30 days after the account is closed.")]
    [Elsewhere("keep", "retain")]
    public string? Retention { get; init; }

    [Description("What allows it, by article 6(1) of the GDPR.")]
    [Elsewhere("lawfulBasis", "legalBasis")]
    public LawfulBasis? Basis { get; init; }

    [Description("True for data that needs more protection: health, belief, biometrics and the like.")]
    [Elsewhere("sensitive")]
    public bool? Special { get; init; }

    [Description("Others who get it, such as Stripe.")]
    [Elsewhere("recipients", "vendors", "subprocessors")]
    public IReadOnlyList<string>? Processors { get; init; }
}
