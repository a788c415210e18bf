'use strict';
// Loads a module that is no part of the program. The bundle is CommonJS and cannot: there, import() is require().
module.exports = { importModule: (url) => import(url) };
