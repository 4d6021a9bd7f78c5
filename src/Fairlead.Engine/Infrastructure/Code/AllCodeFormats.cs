using Fairlead.Engine.Infrastructure.Code.CloudFormation;

namespace Fairlead.Engine.Infrastructure.Code;

/// <summary>Tools that code is written for, sorted by name.</summary>
public static class AllCodeFormats
{
    public static IReadOnlyList<ICodeFormat> All { get; } = [new Ansible.AnsibleFormat()];
    public static IReadOnlyList<ICodeFormat> All { get; } = [new CloudFormationFormat()];
}
