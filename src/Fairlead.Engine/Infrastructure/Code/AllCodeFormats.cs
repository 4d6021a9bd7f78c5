using Fairlead.Engine.Infrastructure.Code.Ansible;
using Fairlead.Engine.Infrastructure.Code.Bicep;
using Fairlead.Engine.Infrastructure.Code.CloudFormation;
using Fairlead.Engine.Infrastructure.Code.Pulumi;
using Fairlead.Engine.Infrastructure.Code.Terraform;

namespace Fairlead.Engine.Infrastructure.Code;

/// <summary>Tools that code is written for, sorted by name.</summary>
public static class AllCodeFormats
{
    public static IReadOnlyList<ICodeFormat> All { get; } =
    [new AnsibleFormat(), new BicepFormat(), new CloudFormationFormat(), new PulumiFormat(), new TerraformFormat()];
}
