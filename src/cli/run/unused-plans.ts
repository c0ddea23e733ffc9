import type ts from "typescript";

/**
 * Calls whose plan or message nobody takes: `mv(x, 1);` without `yield*` does nothing, and no one would notice when it runs. Found in the
 * source, because watching each plan at run time would cost those that are used.
 */
export function unusedPlans(compiler: typeof ts, program: ts.Program): string[] {
  const checker = program.getTypeChecker();
  const found: string[] = [];
  for (const file of program.getSourceFiles()) {
    if (file.isDeclarationFile || program.isSourceFileFromExternalLibrary(file)) continue;
    const visit = (node: ts.Node): void => {
      if (compiler.isExpressionStatement(node) && compiler.isCallExpression(node.expression)) {
        const call = node.expression;
        if (isPlan(checker.getTypeAtLocation(call))) {
          const { line, character } = file.getLineAndCharacterOfPosition(call.getStart(file));
          const name = call.expression.getText(file);
          const place = `${file.fileName}(${line + 1},${character + 1})`;
          found.push(`${place}: the plan ${name}(...) is called and never iterated; write yield* ${name}(...)`);
        }
      }
      compiler.forEachChild(node, visit);
    };
    visit(file);
  }
  return found;
}

function isPlan(type: ts.Type): boolean {
  if (type.isUnion()) return type.types.some(isPlan);
  const isGenerator = type.getProperty("next") !== undefined && type.getProperty("throw") !== undefined;
  return isGenerator || type.getSymbol()?.name === "Msg";
}
