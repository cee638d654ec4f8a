using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using WaterMeters.PowerShell.Requirements;

namespace WaterMeters.PowerShell.Completion;

/// <summary>Completes the names of the module's cmdlets.</summary>
public sealed class CmdletNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CmdletRequirements.Cmdlets
            .Where(name => name.StartsWith(wordToComplete.Trim('\'', '"'), StringComparison.OrdinalIgnoreCase))
            .Select(name => new CompletionResult(name, name, CompletionResultType.ParameterValue, name));
}
