// Checks declarative Jenkinsfiles with Groovy's own parser and the sections that the declarative syntax has,
// https://www.jenkins.io/doc/book/pipeline/syntax/. Given files, it writes what is wrong with each, one in a line.
import org.codehaus.groovy.ast.expr.*
import org.codehaus.groovy.ast.stmt.*
import org.codehaus.groovy.control.*

PIPELINE = ['agent', 'environment', 'libraries', 'options', 'parameters', 'post', 'stages', 'tools', 'triggers'] as Set
STAGE = ['agent', 'environment', 'failFast', 'input', 'matrix', 'options', 'parallel', 'post', 'stages', 'steps', 'tools', 'when'] as Set
POST = ['always', 'changed', 'fixed', 'regression', 'aborted', 'failure', 'success', 'unstable', 'unsuccessful', 'notBuilt', 'cleanup'] as Set
FILLED = ['options', 'triggers', 'parameters', 'tools', 'when', 'input', 'steps'] as Set
names = [] as Set
faults = []

def fault(node, text) { faults << "$node.lineNumber: $text" }

def statements(ClosureExpression block) { block.code instanceof BlockStatement ? block.code.statements : [block.code] }

def block(call) {
    def given = call.arguments instanceof TupleExpression ? call.arguments.expressions : [call.arguments]
    given && given[-1] instanceof ClosureExpression ? given[-1] : null
}

def calls(ClosureExpression of, String where) {
    statements(of).collect { one ->
        def said = one instanceof ExpressionStatement ? one.expression : null
        if (!(said instanceof MethodCallExpression)) { fault(one, "'$where' has something else than directives"); return null }
        said
    }.findAll { it }
}

def stages(call) {
    def all = block(call) ? calls(block(call), call.methodAsString) : []
    if (!all) fault(call, "'$call.methodAsString' has no stages")
    all.each { one ->
        def name = one.methodAsString == 'stage' ? one.arguments.expressions[0] : null
        if (!(name instanceof ConstantExpression)) { fault(one, 'a stage with a name is expected'); return }
        if (!names.add(name.value)) fault(one, "two stages are called '$name.value'")
        if (!block(one)) { fault(one, 'a stage without a block'); return }
        def kinds = section(block(one), STAGE, 'stage').intersect(['steps', 'stages', 'parallel', 'matrix'] as Set)
        if (kinds.size() != 1) fault(one, 'a stage has exactly one of steps, stages, parallel and matrix')
    }
}

def environment(ClosureExpression of) {
    statements(of).each { one ->
        def said = one instanceof ExpressionStatement ? one.expression : null
        if (!(said instanceof BinaryExpression) || said.operation.text != '=' || !(said.leftExpression instanceof VariableExpression)) {
            fault(one, 'a variable is written NAME = value')
        } else if (!(said.rightExpression instanceof ConstantExpression || said.rightExpression instanceof GStringExpression || said.rightExpression instanceof MethodCallExpression)) {
            fault(one, 'the value of a variable is a text or credentials()')
        }
    }
}

def section(ClosureExpression of, Set known, String where) {
    def all = calls(of, where)
    def said = all*.methodAsString
    (said - said.unique(false)).each { fault(of, "'$it' comes twice in '$where'") }
    all.each { one ->
        def name = one.methodAsString
        def inner = block(one)
        if (!(name in known)) fault(one, "'$where' has no '$name'")
        else if (name in ['stages', 'parallel']) stages(one)
        else if (name == 'environment') inner ? environment(inner) : fault(one, 'an environment without a block')
        else if (name == 'post') {
            (inner ? calls(inner, 'post') : []).each { way ->
                if (!(way.methodAsString in POST)) fault(way, "'post' has no '$way.methodAsString'")
                else if (!block(way) || !statements(block(way))) fault(way, "'$way.methodAsString' has no steps")
            }
        } else if (name in FILLED && (!inner || !statements(inner))) fault(one, "'$name' is empty")
        else if (name == 'agent' && !inner && !(one.arguments.expressions[0]?.text in ['any', 'none'])) fault(one, 'an unknown agent')
    }
    if (where == 'pipeline') ['agent', 'stages'].findAll { !(it in said) }.each { fault(of, "'pipeline' has no '$it'") }
    said as Set
}

args.each { file ->
    faults = []
    names = [] as Set
    try {
        def unit = new CompilationUnit()
        unit.addSource('Jenkinsfile', new File(file).getText('UTF-8'))
        unit.compile(Phases.CONVERSION)
        def whole = unit.AST.modules.collectMany { it.statementBlock.statements }.collect { it instanceof ExpressionStatement ? it.expression : null }
            .find { it instanceof MethodCallExpression && it.methodAsString == 'pipeline' }
        if (whole && block(whole)) section(block(whole), PIPELINE, 'pipeline') else faults << '1: there is no pipeline'
    } catch (MultipleCompilationErrorsException broken) {
        faults << broken.message.readLines().drop(1).take(1).join(' ')
    }
    faults.each { println "${new File(file).name}:$it" }
}
