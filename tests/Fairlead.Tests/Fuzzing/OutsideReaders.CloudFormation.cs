using System.Text;
using System.Xml;
using Fairlead.Drivers.Infrastructure.CloudFormation;
using Fairlead.Engine.Infrastructure.Planning;
using Fairlead.Model.Ports;

namespace Fairlead.Tests.Fuzzing;

/// <summary>Readers of templates and of what CloudFormation says.</summary>
internal static partial class OutsideReaders
{
    private static IEnumerable<OutsideReader> CloudFormation()
    {
        yield return OutsideReader.OfText(
            "template of CloudFormation",
            static text =>
            {
                _ = StackTemplateReader.Kept(text);
                _ = StackTemplateReader.Terse(text);
            },
            "Parameters:\n  A: { Type: String }\nResources:\n  B:\n    Type: T\n    DeletionPolicy: Retain\n    Properties:\n      X: !GetAtt C.D\n      Y: !If [E, !Ref F, [1, '2']]\n",
            """{"Resources":{"B":{"Type":"T","DeletionPolicy":"Snapshot"}}}"""
        );
        yield return OutsideReader
            .OfText(
                "answer of CloudFormation",
                static text =>
                {
                    var answer = new AwsAnswer(200, Encoding.UTF8.GetBytes(text)).Xml();
                    _ = StackAnswers.Stack(answer);
                    _ = StackAnswers.ChangeSet(answer);
                    _ = StackAnswers.ChangeSets(answer);
                    _ = StackAnswers.Parameters(answer);
                    _ = StackAnswers.Events(answer);
                    _ = StackAnswers.Resources(answer);
                    _ = StackAnswers.Drifts(answer);
                    _ = StackAnswers.Next(answer);
                },
                """<R xmlns="u"><DescribeChangeSetResult><Status>FAILED</Status><Changes><member><ResourceChange><Action>Modify</Action><LogicalResourceId>A</LogicalResourceId><Replacement>True</Replacement><BeforeContext>{"a":1}</BeforeContext><Details><member><Target><Name>N</Name><RequiresRecreation>Always</RequiresRecreation></Target></member></Details></ResourceChange></member></Changes><NextToken>t</NextToken></DescribeChangeSetResult></R>""",
                """<R><DescribeStacksResult><Stacks><member><StackId>i</StackId><StackStatus>S</StackStatus><Outputs><member><OutputKey>k</OutputKey><OutputValue>v</OutputValue></member></Outputs></member></Stacks></DescribeStacksResult></R>""",
                """<R><X><StackResourceDrifts><member><StackResourceDriftStatus>MODIFIED</StackResourceDriftStatus><ActualProperties>{"a":[1]}</ActualProperties><PropertyDifferences><member><PropertyPath>/a/0</PropertyPath></member></PropertyDifferences></member></StackResourceDrifts></X></R>"""
            )
            .Refuses<XmlException>();
    }
}
